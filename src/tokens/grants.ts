import type { AxiosInstance } from 'axios'
import { assertNonEmpty, assertObject, assertOptions, kindOf } from '../option'
import type { TokenResponse } from './access-token'
import { type ClientAuthenticationOptions, clientAuthentication } from './client-authentication'
import type { FetchContext, FetchToken } from './token-fetch'
import { addParameters } from './token-parameters'
import { readBody, tokenRequest } from './token-request'

/** What token is asked for. */
export interface GrantParameters {
  /** RFC 6749 section 3.3. A list is joined with blanks. */
  readonly scope?: string | readonly string[] | undefined
  /** Whom the token is for, where the server knows this parameter (Auth0, RFC 8693). */
  readonly audience?: string | undefined
  /** RFC 8707: the resource, or several, as absolute URIs. */
  readonly resource?: string | readonly string[] | undefined
  /** Further parameters of the token request. */
  readonly parameters?: Readonly<Record<string, string>> | undefined
}

/** What all grants can be told. */
export interface GrantOptions extends GrantParameters, ClientAuthenticationOptions {
  /** The token endpoint, absolute or under the client's `baseURL`. */
  readonly url: string
}

// Put together where they are checked: a list that is made of others stays in every bundle.
export const GRANT_PARAMETERS = ['scope', 'audience', 'resource', 'parameters']
export const CLIENT_OPTIONS = ['url', 'clientId', 'clientSecret', 'clientAuthentication']

/**
 * Fetches a token with the client credentials grant: RFC 6749 section 4.4.
 *
 * @throws TypeError when an option is of the wrong type
 * @example
 * bearerAuth(clientCredentials(issuer, { url: '/oauth2/token', scope: 'inspect:read' }))
 */
export function clientCredentials(client: AxiosInstance, options: GrantOptions): FetchToken {
  assertOptions('options', options, [...CLIENT_OPTIONS, ...GRANT_PARAMETERS])
  return grant(client, options, () => ({ grant_type: 'client_credentials' }))
}

type Parameters = Readonly<Record<string, string>>

// What the options have names for, or what makes the grant and the client what they are.
const TAKEN = ['grant_type', 'client_id', 'client_secret', 'refresh_token', 'scope', 'audience', 'resource']

/** A token request with the parameters of a grant, and those that all grants have. */
export function grant<Context extends FetchContext>(
  client: AxiosInstance,
  options: GrantOptions,
  ofGrant: (context: Context) => Parameters | Promise<Parameters>,
): (context: Context) => Promise<TokenResponse> {
  const { url } = options
  assertNonEmpty('url', url)
  const fixed = parametersOf(options)
  const authenticateClient = clientAuthentication(options)
  const request = tokenRequest(
    client,
    async (context) => {
      const data = new URLSearchParams(await ofGrant(context as Context))
      for (const [name, value] of fixed) data.append(name, value)
      addParameters(data, context.parameters)
      const headers = await authenticateClient(data)
      // A redirect would take the credentials in the body to wherever it leads.
      const fetchOptions = { redirect: 'manual' } // before axios 1.20 `maxRedirects` is not for fetch
      return { method: 'post', url, data, headers, maxRedirects: 0, fetchOptions }
    },
    readBody,
  )
  return async (context) => (await request(context)) as TokenResponse
}

/** As parameters of a request: those with several values come several times. */
export function parametersOf({
  scope,
  audience,
  resource,
  parameters = {},
}: GrantParameters): [name: string, value: string][] {
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
