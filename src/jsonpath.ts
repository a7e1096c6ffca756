/**
 * Reads a token from a JSON answer by paths in text. It needs the package `jsonpath-rfc9535`, an optional peer.
 *
 * @module axios-auth-interceptors/jsonpath
 */
import { type JsonValue, query } from 'jsonpath-rfc9535'
import { readData } from './json'
import { assertObject, assertOptions, kindOf } from './option'
import type { TokenValue } from './tokens/access-token'
import type { ReadResponse } from './tokens/token-request'
import { unusable } from './tokens/token-response'

/** Where in a JSON answer a token and its life stand: JSONPath, RFC 9535. Of the four for its life give one, or none. */
export interface TokenPaths {
  /** The token. */
  readonly value: string
  /** Its life, in seconds. */
  readonly expiresIn?: string | undefined
  /** Its end, as a date and time in text: ISO 8601. */
  readonly expiresAt?: string | undefined
  /** Its end, in seconds since 1970. */
  readonly expiresAtSeconds?: string | undefined
  /** Its end, in milliseconds since 1970. */
  readonly expiresAtMilliseconds?: string | undefined
  /** Further values that must be at hand, as `token.extra[name]`: a refresh token, a second token. */
  readonly extra?: Readonly<Record<string, string>> | undefined
}

/**
 * Reads a token from a JSON answer by paths that are given as text. Nothing is ever evaluated as code.
 *
 * @param paths the path of the token, or paths of the token and of its life
 * @throws TypeError when a path is not valid
 * @example
 * tokenRequest(issuer, { method: 'post', url: '/login' }, jsonPath({ value: '$.result.jwt', expiresIn: '$.result.ttl' }))
 */
export function jsonPath(paths: string | TokenPaths): ReadResponse {
  const { value, extra = {}, ...lives } = typeof paths === 'object' ? checked(paths) : { value: paths }
  const life = onlyOne(lives)
  for (const path of [value, ...Object.values(extra), ...(life ? [life.path] : [])]) assertPath(path)

  return ({ data }) => {
    const body = readData(data) as JsonValue
    const token: TokenValue = { value: textAt(body, value), ...(life && lifeOf(body, life)) }
    return {
      ...Object.fromEntries(Object.entries(extra).map(([name, path]) => [name, single(body, path)])),
      ...token,
    }
  }
}

type LifeName = 'expiresIn' | 'expiresAt' | 'expiresAtSeconds' | 'expiresAtMilliseconds'
const NAMES = ['value', 'extra', 'expiresIn', 'expiresAt', 'expiresAtSeconds', 'expiresAtMilliseconds']

const OWN_NAMES: readonly string[] = ['access_token', 'value', 'expiresIn', 'expiresAt']

function checked(paths: TokenPaths): TokenPaths {
  assertOptions('paths', paths, NAMES)
  if (paths.extra !== undefined) assertObject('extra', paths.extra)
  const taken = Object.keys(paths.extra ?? {}).find((name) => OWN_NAMES.includes(name))
  if (taken !== undefined)
    throw new TypeError(`\`extra\` cannot hold \`${taken}\`: that is the token itself, or its life`)
  return paths
}

interface LifePath {
  readonly name: LifeName
  readonly path: string
}

function onlyOne(lives: Partial<Record<LifeName, string | undefined>>): LifePath | undefined {
  const given = (Object.keys(lives) as LifeName[]).filter((name) => lives[name] !== undefined)
  if (given.length > 1)
    throw new TypeError(`\`paths\` must tell the life of the token once, not by ${given.join(' and ')}`)
  const [name] = given
  return name && { name, path: lives[name] as string }
}

function assertPath(path: unknown): asserts path is string {
  if (typeof path !== 'string') {
    throw new TypeError(
      `\`paths\` must be a JSONPath, or an object with one as its \`value\`, not ${kindOf(path)}`,
    )
  }
  try {
    query(null, path)
  } catch (cause) {
    throw new TypeError(`${JSON.stringify(path)} is not a JSONPath (RFC 9535), such as "$.access_token"`, {
      cause,
    })
  }
}

/** What a path finds must be one thing: to take the first of several would be a guess. */
function single(body: JsonValue, path: string): JsonValue {
  const found = query(body, path)
  if (found.length === 1) return found[0] as JsonValue
  throw unusable(
    found.length === 0 ? `has nothing at ${path}` : `has ${found.length} values at ${path}, not one`,
  )
}

function textAt(body: JsonValue, path: string): string {
  const text = single(body, path)
  if (typeof text === 'string') return text
  throw unusable(`has ${kindOf(text)} at ${path}, not a string`)
}

function lifeOf(body: JsonValue, { name, path }: LifePath): Pick<TokenValue, 'expiresIn' | 'expiresAt'> {
  const found = single(body, path)
  if (name === 'expiresAt') {
    const time = typeof found === 'string' ? new Date(found) : undefined
    if (time && !Number.isNaN(time.getTime())) return { expiresAt: time }
    throw unusable(`has no date and time in text at ${path}`)
  }
  const number = typeof found === 'string' && /^\d+$/.test(found) ? Number(found) : found
  if (typeof number !== 'number') throw unusable(`has ${kindOf(found)} at ${path}, not a number`)
  if (name === 'expiresIn') return { expiresIn: number }
  return { expiresAt: name === 'expiresAtSeconds' ? number * 1000 : number }
}
