import { AuthError, type AuthErrorDetails } from '../errors'
import { kindOf } from '../option'
import { controlFault } from '../secret'
import type { TokenResponse, TokenValue } from './access-token'
import { jwtLife } from './jwt'

/** A token as it was read from an answer. */
export interface ReadToken {
  readonly value: string
  /** How long it lives from before it was asked for, in milliseconds; undefined if nobody said. */
  readonly life: number | undefined
  /** After how many milliseconds the issuer would like it to be renewed. */
  readonly renewAfter: number | undefined
  readonly extra: Readonly<Record<PropertyKey, unknown>>
}

/** Reads what a fetch of a token gave. `now` is the wall clock from before the request was sent. */
export function readToken(result: unknown, now: number): ReadToken {
  if (typeof result === 'string') return withValue(result, 'the token', undefined, undefined, {}, now)
  if (typeof result !== 'object' || result === null || Array.isArray(result)) {
    throw unusable(`is ${kindOf(result)}, neither a token nor an object with one`)
  }
  if ('value' in result && !('access_token' in result)) {
    const { value, expiresIn, expiresAt, ...extra } = result as TokenValue
    const life = seconds('expiresIn', expiresIn) ?? lifeUntil(expiresAt, now)
    return withValue(value, 'value', life, undefined, extra, now)
  }
  const { access_token, expires_in, refresh_in, ...extra } = result as TokenResponse
  const fields = errorFields(extra)
  // Some issuers answer with an error and status 200.
  if (fields.error) throw unusable(`says ${oauthError(fields)}`, fields)
  if ((access_token as unknown) === undefined)
    throw unusable(`has no access_token${isOfAxios(result) ? WHOLE : ''}`)
  assertTokenType(extra.token_type)
  const life = seconds('expires_in', expires_in)
  return withValue(access_token, 'access_token', life, wish(refresh_in), extra, now)
}

const WHOLE = '; it is a whole response of axios: give its `data`'
const isOfAxios = (result: object): boolean => 'data' in result && 'headers' in result && 'config' in result

/** RFC 6749 section 5.2. Whatever is no text is no error of an issuer. */
export function errorFields(body: unknown): AuthErrorDetails {
  const { error, error_description, error_uri } = Object(body) as Record<string, unknown>
  const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)
  return { error: text(error), error_description: text(error_description), error_uri: text(error_uri) }
}

/** Such an error in one line. */
export const oauthError = ({ error, error_description }: AuthErrorDetails): string =>
  error_description === undefined ? String(error) : `${error} (${error_description})`

export const unusable = (why: string, details?: AuthErrorDetails): AuthError =>
  new AuthError(`The token response ${why}`, 'ERR_AUTH_TOKEN_RESPONSE', details)

function withValue(
  value: unknown,
  name: string,
  life: number | undefined,
  renewAfter: number | undefined,
  extra: Readonly<Record<PropertyKey, unknown>>,
  now: number,
): ReadToken {
  const fault = tokenFault(value)
  if (fault) throw unusable(`cannot be used: ${name} ${fault}`)
  return { value: value as string, life: life ?? jwtLife(value as string, now), renewAfter, extra }
}

/** What is wrong with a token, if anything. Tokens are visible ASCII without blanks, a little more than RFC 6750's b64token. */
export function tokenFault(value: unknown): string | undefined {
  if (typeof value !== 'string') return `is ${kindOf(value)}, not a string`
  if (value === '') return 'is empty'
  const fault = controlFault(value)
  if (fault) return fault
  if (/[^\x20-\x7e]/.test(value)) return 'contains characters outside ASCII'
  return value.includes(' ') ? 'contains a blank: give the token alone, without a scheme word' : undefined
}

function assertTokenType(type: unknown): void {
  // Required by RFC 6749 section 5.1, yet left out by many issuers: nothing is lost by taking it for a bearer token.
  if (type === undefined || type === null) return
  if (typeof type === 'string' && /^(?:bearer|dpop)$/i.test(type)) return
  const name = typeof type === 'string' ? JSON.stringify(type) : kindOf(type)
  throw unusable(
    `has the unknown token_type ${name}; if it is a bearer token all the same, read it yourself: (response) => response.data.access_token`,
  )
}

/** Seconds as a number or a string of digits, to milliseconds. */
function seconds(name: string, value: unknown): number | undefined {
  if (value === undefined || value === null) return undefined
  const number = typeof value === 'string' && /^\d+(?:\.\d+)?$/.test(value) ? Number(value) : value
  if (typeof number !== 'number' || Number.isNaN(number) || number < 0) {
    throw unusable(
      `has an unusable ${name}: it must be a number of seconds, not ${typeof value === 'number' ? value : kindOf(value)}`,
    )
  }
  return number * 1000
}

/** A wish that cannot be read is none: the token is as good without it. */
function wish(refreshIn: unknown): number | undefined {
  try {
    return seconds('refresh_in', refreshIn)
  } catch {
    return undefined
  }
}

function lifeUntil(expiresAt: unknown, now: number): number | undefined {
  if (expiresAt === undefined || expiresAt === null) return undefined
  const at = expiresAt instanceof Date ? expiresAt.getTime() : expiresAt
  if (typeof at !== 'number' || Number.isNaN(at))
    throw unusable('has an unusable expiresAt: it must be a Date or milliseconds since 1970')
  // Seconds taken for milliseconds would be a time in 1970, and a token call for each request.
  if (at < now / 100)
    throw unusable('has an expiresAt in seconds: it must be a Date or milliseconds since 1970')
  return Math.max(0, at - now)
}
