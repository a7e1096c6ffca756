import {
  authorizationCodeGrantRequest,
  calculatePKCECodeChallenge,
  expectNoNonce,
  generateRandomCodeVerifier,
  generateRandomNonce,
  generateRandomState,
  processAuthorizationCodeResponse,
  validateAuthResponse,
} from 'oauth4webapi'
import { AuthError } from '../errors'
import { parseUrl } from '../final-url'
import { assertNonEmpty, assertOptions } from '../option'
import type { TokenResponse } from '../tokens/access-token'
import { GRANT_PARAMETERS, type GrantParameters, parametersOf } from '../tokens/grants'
import { wasLost } from '../tokens/lost-answer'
import { isTransient } from '../tokens/token-failure'
import type { FetchContext, FetchToken } from '../tokens/token-fetch'
import { addParameters, type TokenParameters } from '../tokens/token-parameters'
import type { Endpoints } from './endpoints'
import { readWith } from './token-endpoint'

/** What a login asks for. */
export interface AuthorizationOptions extends GrantParameters, Omit<TokenParameters, 'scope'> {
  /** Where the server sends the user back to: registered there, to the letter. */
  readonly redirectUri: string
}

/** What has to be kept, with the user's session, until the user comes back. It is plain data. */
export interface AuthorizationRequest {
  /** Where the user has to go. */
  readonly url: string
  /** Where the server sends the user back to: it is named again with the code. */
  readonly redirectUri: string
  /** Ties the callback to this session. */
  readonly state: string
  /** RFC 7636: a secret. */
  readonly codeVerifier: string
  /** OpenID Connect's, if `openid` is in the scope. */
  readonly nonce?: string | undefined
  /** RFC 8707: it is asked for again with the code. With several, name the one that the token is for. */
  readonly resource?: string | readonly string[] | undefined
}

/** What ends a login: what was kept, and where the user came back to. */
export interface AuthorizationCodeOptions extends Omit<AuthorizationRequest, 'url'> {
  /** The URL that the user came back to, with its query. */
  readonly callbackUrl: string | URL
  /** Further parameters of the token request. */
  readonly parameters?: Readonly<Record<string, string>> | undefined
}

const REQUEST_OPTIONS = ['redirectUri', 'acr_values', 'max_age', 'claims']
const CODE_OPTIONS = [
  'url',
  'redirectUri',
  'state',
  'codeVerifier',
  'nonce',
  'resource',
  'callbackUrl',
  'parameters',
]

/** The URL that begins a login: RFC 6749 section 4.1.1, with PKCE (RFC 7636). */
export async function authorizationRequest(
  endpoints: Endpoints,
  options: AuthorizationOptions,
): Promise<AuthorizationRequest> {
  assertOptions('options', options, [...GRANT_PARAMETERS, ...REQUEST_OPTIONS])
  const { redirectUri, acr_values, max_age, claims } = options
  assertNonEmpty('redirectUri', redirectUri)
  const { metadata, client } = await endpoints.party()
  const url = parseUrl(metadata.authorization_endpoint ?? '')
  if (!url)
    throw new AuthError(
      `The metadata of ${metadata.issuer} have no authorization_endpoint`,
      'ERR_AUTH_TOKEN_REQUEST',
    )
  const state = generateRandomState()
  const codeVerifier = generateRandomCodeVerifier()
  const jkt = await endpoints.thumbprint()
  const query = url.searchParams
  for (const [name, value] of parametersOf(options)) query.append(name, value)
  addParameters(query, { acr_values, max_age, claims })
  const nonce = query.get('scope')?.split(' ').includes('openid') ? generateRandomNonce() : undefined
  const own = {
    response_type: 'code',
    client_id: client.client_id,
    redirect_uri: redirectUri,
    state,
    code_challenge: await calculatePKCECodeChallenge(codeVerifier),
    code_challenge_method: 'S256',
    ...(nonce && { nonce }),
    ...(jkt && { dpop_jkt: jkt }),
  }
  for (const [name, value] of Object.entries(own)) query.set(name, value)
  const { resource } = options
  return {
    url: url.href,
    redirectUri,
    state,
    codeVerifier,
    ...(nonce && { nonce }),
    ...(resource && { resource }),
  }
}

/** Fetches a token with the code of a callback, once: RFC 6749 section 4.1.3. */
export function authorizationCode(endpoints: Endpoints, options: AuthorizationCodeOptions): FetchToken {
  assertOptions('options', options, CODE_OPTIONS)
  const { callbackUrl, redirectUri, state, codeVerifier, nonce, resource, parameters } = options
  for (const [name, value] of Object.entries({ redirectUri, state, codeVerifier }))
    assertNonEmpty(name, value)
  const callback = parseUrl(String(callbackUrl))
  if (!callback) throw new TypeError('`callbackUrl` must be an absolute URL, with its query')
  const additionalParameters = new URLSearchParams(parametersOf({ resource, parameters }))
  let isSpent = false

  async function fetchToken({ signal }: FetchContext, parameters: URLSearchParams): Promise<TokenResponse> {
    const { party, response } = await endpoints.ask(
      'token request',
      ({ metadata, client, authentication }, options) =>
        authorizationCodeGrantRequest(
          metadata,
          client,
          authentication,
          parameters,
          redirectUri,
          codeVerifier,
          { ...options, additionalParameters },
        ),
      { signal, isSpending: true },
    )
    const answer = await readWith(
      ({ metadata, client }) =>
        processAuthorizationCodeResponse(metadata, client, response, {
          expectedNonce: nonce ?? expectNoNonce,
        }),
      party,
    )
    return answer as TokenResponse
  }

  return async (context) => {
    if (isSpent)
      throw new AuthError(
        'The authorization code has been used: send the user to a new `authorizationRequest`',
        'ERR_AUTH_CREDENTIALS',
        // As the server would say.
        { error: 'invalid_grant' },
      )
    // What fails before the code is sent does not use it up.
    const { metadata, client } = await endpoints.party()
    const parameters = validated(() => validateAuthResponse(metadata, client, callback, state))
    try {
      const answer = await fetchToken(context, parameters)
      isSpent = true
      return answer
    } catch (error) {
      isSpent = wasLost(error) || !(isTransient(error) || isOfOurs(error))
      throw error
    }
  }
}

/** Was nothing sent? A secret that could not be read, or an endpoint that may not be asked, does not use up the code. */
const isOfOurs = (error: unknown): boolean =>
  error instanceof AuthError && ['ERR_AUTH_CREDENTIALS', 'ERR_AUTH_ORIGIN'].includes(error.code)

/** The server may have sent the user back with an error: RFC 6749 section 4.1.2.1. */
function validated(read: () => URLSearchParams): URLSearchParams {
  try {
    return read()
  } catch (cause) {
    const { error, error_description, message } = cause as Error &
      Record<'error' | 'error_description', string>
    throw new AuthError(
      error
        ? `The authorization server sent the user back with ${error}${error_description ? ` (${error_description})` : ''}`
        : `The callback cannot be used: ${message}`,
      'ERR_AUTH_TOKEN_REQUEST',
      { error, error_description, cause },
    )
  }
}
