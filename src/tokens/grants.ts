import type { AxiosInstance, AxiosResponse } from 'axios'
import { assertFunction, assertNonEmpty, assertObject, kindOf, type ValueOrFunction } from '../option'
import { headerFault, secretOf } from '../secret'
import type { TokenResponse } from './access-token'
import { type ClientAuthenticationOptions, clientAuthentication } from './client-authentication'
import type { FetchToken } from './token-fetch'
import { readBody, tokenRequest } from './token-request'

/** What all grants can be told. */
export interface GrantOptions extends ClientAuthenticationOptions {
  /** The token endpoint, absolute or under the client's `baseURL`. */
  readonly url: string
  /** RFC 6749 section 3.3. A list is joined with blanks. */
  readonly scope?: string | readonly string[] | undefined
  readonly audience?: string | undefined
  /** RFC 8707: the resource, or several, as absolute URIs. */
  readonly resource?: string | readonly string[] | undefined
  /** Further parameters of the token request. */
  readonly parameters?: Readonly<Record<string, string>> | undefined
}

export interface RefreshTokenOptions extends GrantOptions {
  /** The refresh token to begin with. A function is asked before each use: from a store that others write, too. */
  readonly refreshToken: ValueOrFunction<string>
  /** Is given each new refresh token before the access token that came with it is used: store it. */
  readonly onRotate?: ((refreshToken: string) => void | Promise<void>) | undefined
}

/**
 * Fetches a token with the client credentials grant: RFC 6749 section 4.4.
 *
 * @throws TypeError when an option is of the wrong type
 * @example
 * bearerAuth(clientCredentials(issuer, { url: '/oauth2/token', scope: 'inspect:read' }))
 */
export function clientCredentials(client: AxiosInstance, options: GrantOptions): FetchToken {
  return grant(client, options, () => ({ grant_type: 'client_credentials' }), readBody)
}

/**
 * Fetches a token with a refresh token: RFC 6749 section 6. A rotated one is kept and handed to `onRotate`; where none
 * comes the old one stays in use.
 *
 * @throws TypeError when an option is of the wrong type
 * @example
 * bearerAuth(refreshToken(issuer, { url: '/oauth2/token', refreshToken: await store.load(), onRotate: store.save }))
 */
export function refreshToken(client: AxiosInstance, options: RefreshTokenOptions): FetchToken {
  assertObject('options', options)
  const given = secretOf('refreshToken', options.refreshToken, headerFault)
  const { onRotate } = options
  assertFunction('onRotate', onRotate)
  let known: string | undefined
  let rotated: string | undefined

  /** What a store says anew counts; as long as it says the same, what rotation brought since. */
  async function inUse(): Promise<string> {
    const stored = await given.get()
    if (stored !== known) rotated = undefined
    known = stored
    return rotated ?? stored
  }
  async function keepRotated(response: AxiosResponse): Promise<TokenResponse> {
    const answer = readBody(response)
    const next = answer.refresh_token
    if (typeof next === 'string' && next !== '' && next !== (rotated ?? known)) {
      rotated = next
      await onRotate?.(next)
    }
    return answer
  }
  return grant(
    client,
    options,
    async () => ({ grant_type: 'refresh_token', refresh_token: await inUse() }),
    keepRotated,
  )
}

type Parameters = Readonly<Record<string, string>>

// What the options have names for, or what makes the grant and the client what they are.
const TAKEN = ['grant_type', 'client_id', 'client_secret', 'refresh_token', 'scope', 'audience', 'resource']

function grant(
  client: AxiosInstance,
  options: GrantOptions,
  ofGrant: () => Parameters | Promise<Parameters>,
  read: (response: AxiosResponse) => TokenResponse | Promise<TokenResponse>,
): FetchToken {
  assertObject('options', options)
  const { url } = options
  assertNonEmpty('url', url)
  const fixed = fixedParameters(options)
  const authenticateClient = clientAuthentication(options)
  return tokenRequest(
    client,
    async () => {
      const data = new URLSearchParams(await ofGrant())
      for (const [name, value] of fixed) data.append(name, value)
      const headers = await authenticateClient(data)
      // A redirect would take the credentials in the body to wherever it leads.
      return { method: 'post', url, data, headers, maxRedirects: 0 }
    },
    read,
  )
}

function fixedParameters({
  scope,
  audience,
  resource,
  parameters = {},
}: GrantOptions): [name: string, value: string][] {
  assertObject('parameters', parameters)
  const taken = Object.keys(parameters).find((name) => TAKEN.includes(name))
  if (taken)
    throw new TypeError(
      `\`parameters\` cannot hold ${taken}: it has an option of its own, or is what makes the grant`,
    )
  const lists = {
    scope: [listOf('scope', scope).join(' ')].filter(Boolean),
    audience: listOf('audience', audience),
    resource: listOf('resource', resource),
  }
  return [
    ...Object.entries(lists),
    ...Object.entries(parameters).map(([name, value]) => [name, listOf(name, value)] as const),
  ].flatMap(([name, values]) => values.map((value): [string, string] => [name, value]))
}

function listOf(name: string, value: unknown): string[] {
  const list: unknown[] = value === undefined ? [] : Array.isArray(value) ? value : [value]
  for (const item of list) {
    if (typeof item !== 'string') throw new TypeError(`\`${name}\` must be a string, not ${kindOf(item)}`)
  }
  return list as string[]
}
