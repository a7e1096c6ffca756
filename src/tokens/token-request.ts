import type { AxiosInstance, AxiosRequestConfig, AxiosResponse } from 'axios'
import { AuthError } from '../errors'
import { assertClient, assertFunction, assertObject, kindOf } from '../option'
import { headerOf } from '../response-header'
import type { TokenResponse, TokenResult } from './access-token'
import { withoutSent } from './sent-secrets'
import { isResponse, isSuccess, refusedBy, unreadable } from './token-failure'
import type { FetchContext, FetchToken } from './token-fetch'
import { errorFields, oauthError, unusable } from './token-response'

/** Reads a token from the response of an issuer: from its body, a header, a cookie. */
export type ReadResponse = (response: AxiosResponse) => TokenResult | Promise<TokenResult>

/**
 * Fetches a token by any request through a second axios instance.
 *
 * @param client the instance that the token is fetched through; it authenticates itself, with `basicAuth` for example
 * @param config the request, or a function that makes it anew for each fetch
 * @param read how the token is read from the response; without it, as RFC 6749 section 5.1 has it
 * @throws TypeError when an argument is of the wrong type
 * @example
 * bearerAuth(tokenRequest(issuer, { method: 'post', url: '/login' }, (response) => response.headers['x-auth-token']))
 */
export function tokenRequest(
  client: AxiosInstance,
  config: AxiosRequestConfig | ((context: FetchContext) => AxiosRequestConfig | Promise<AxiosRequestConfig>),
  read: ReadResponse = readBody,
): FetchToken {
  assertClient(client)
  if (typeof config !== 'function') assertObject('config', config)
  assertFunction('read', read)
  return async (context) => {
    const request = typeof config === 'function' ? await config(context) : config
    // The signal ends the request when the source gives up, and tells its interceptor that this is the token request.
    const response: unknown = await client.request({ ...request, signal: context.signal })
    if (!isResponse(response)) throw unusable(NO_RESPONSE)
    if (!isSuccess(response)) throw refusedBy(response)
    return readFrom(response, read)
  }
}

const NO_RESPONSE =
  'cannot be read: an interceptor of the client instance gives something else than the response. Fetch tokens through an instance without it'

async function readFrom(response: AxiosResponse, read: ReadResponse): Promise<TokenResult> {
  let failure: AuthError
  try {
    const result: unknown = await read(response)
    if (result !== undefined) return result as TokenResult
    failure = unusable('has no token where it was looked for', { status: response.status })
  } catch (cause) {
    failure = cause instanceof AuthError ? cause : unreadable(response, cause)
  }
  // Some issuers answer with an error and status 200, which says more.
  const fields = withoutSent(errorFields(response.data), response.config)
  throw fields.error
    ? unusable(`says ${oauthError(fields)}`, { ...fields, status: response.status })
    : failure
}

/** RFC 6749 section 5.1: a JSON object. What is in it is read by the source. */
export function readBody(response: AxiosResponse): TokenResponse {
  const data: unknown = response.data
  if (typeof data === 'object' && data !== null && !Array.isArray(data)) return data as TokenResponse
  const type = headerOf(response, 'content-type')?.split(';')[0] ?? 'no content type'
  const what = typeof data === 'string' ? (data === '' ? 'is empty' : 'is text') : `is ${kindOf(data)}`
  throw unusable(
    `${what} (${type}), not a JSON object with an access_token; if the token is somewhere else in it, say how to read it: tokenRequest(client, config, (response) => ...)`,
    { status: response.status },
  )
}
