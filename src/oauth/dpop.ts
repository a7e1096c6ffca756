import { type AuthInterceptor, authInterceptor } from '../auth-interceptor'
import type { AuthRequest, AuthResponse } from '../auth-scheme'
import { AuthError } from '../errors'
import { assertFunction, assertOptions } from '../option'
import type { BearerOptions } from '../schemes/bearer'
import { refusesToken } from '../schemes/bearer-refusal'
import { sourceOf, tokenScheme } from '../schemes/token-scheme'
import type { AccessToken } from '../tokens/access-token'
import type { FetchToken } from '../tokens/token-fetch'
import type { TokenSource } from '../tokens/token-source'
import { assertKeyPair, dpopProofs } from './dpop-proof'

/** The key, and where and how its tokens travel. */
export interface DpopOptions extends Pick<BearerOptions, 'origins' | 'isRejected' | 'stepUp' | 'onEvent'> {
  /**
   * The key that the tokens are bound to: the same that `authorizationServer` was given. The private key need not be
   * extractable.
   */
  readonly keyPair: CryptoKeyPair
}

const AUTHORIZATION = { in: 'header', name: 'Authorization' } as const
const PROOF = { in: 'header', name: 'DPoP' } as const

/**
 * Sends a DPoP-bound token and a proof of its key with each request: RFC 9449 section 7. Each send has a proof of its
 * own, a replay and a redirect, too. The nonces that servers ask for are learned from all their answers, kept by origin;
 * a request that was refused only for the lack of one is sent again, which takes no new token and is not the replay.
 *
 * @param token a function that fetches a token, or a source shared with other instances
 * @throws TypeError when an argument is of the wrong type
 * @example
 * const keyPair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify'])
 * const server = authorizationServer(client, { issuer, clientId, clientAuthentication, keyPair })
 * api.interceptors.request.use(dpopAuth(server.clientCredentials(), { keyPair }))
 */
export function dpopAuth(token: FetchToken | TokenSource, options: DpopOptions): AuthInterceptor {
  assertOptions('options', options, ['keyPair', 'isRejected', 'stepUp', 'origins', 'onEvent'])
  const { keyPair, origins, onEvent, stepUp } = options
  const isRejected = options.isRejected ?? ((response) => refusesToken(response, 'DPoP'))
  assertFunction('isRejected', isRejected)
  assertKeyPair(keyPair)
  const proofs = dpopProofs(keyPair)

  async function send(request: AuthRequest, token: AccessToken): Promise<void> {
    assertBound(token)
    const proof = await proofs.sign(request.method, new URL(request.url), token.value)
    request.attach(AUTHORIZATION, `DPoP ${token.value}`)
    request.attach(PROOF, proof)
  }

  function learn(response: AuthResponse, request: AuthRequest): boolean {
    scheme.learn?.(response, request)
    const nonce = response.header('dpop-nonce')
    if (!nonce) return false
    proofs.learn(new URL(request.url), nonce)
    return response.status === 401 && response.challenges.some(asksForNonce)
  }

  const scheme = tokenScheme(sourceOf(token, onEvent, 'a function'), {
    place: AUTHORIZATION,
    send,
    isRejected,
    stepUp,
  })
  return authInterceptor({ ...scheme, signsUrl: true, learn }, { origins, onEvent })
}

const asksForNonce = ({ scheme, parameters }: AuthResponse['challenges'][number]): boolean =>
  scheme === 'dpop' && parameters.error === 'use_dpop_nonce'

/** An issuer that does not know DPoP gives a bearer token, which no proof makes better. */
function assertBound({ extra: { token_type: type } }: AccessToken): void {
  if (type === undefined || type === null || (typeof type === 'string' && type.toLowerCase() === 'dpop'))
    return
  throw new AuthError(
    `The token is not bound to the key: its token_type is ${JSON.stringify(type)}. Give authorizationServer the same \`keyPair\`, or use bearerAuth`,
    'ERR_AUTH_TOKEN_RESPONSE',
  )
}
