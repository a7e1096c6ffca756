import { type AuthInterceptor, authInterceptor } from '../auth-interceptor'
import type { AuthRequest, AuthResponse, AuthScheme, CredentialsPlace } from '../auth-scheme'
import { AuthError } from '../errors'
import type { AuthEvent, EventListener } from '../events'
import type { TravelOptions } from '../exchange'
import { assertFunction, assertOptions, assertString } from '../option'
import { faultIn, placeOf } from '../place'
import { AccessToken } from '../tokens/access-token'
import type { TokenEvent } from '../tokens/token-event'
import type { FetchToken } from '../tokens/token-fetch'
import { tokenFault } from '../tokens/token-response'
import type { TokenSource } from '../tokens/token-source'
import { refusesToken } from './bearer-refusal'
import { sourceOf, tokenScheme } from './token-scheme'

/** How a token is sent, and when it is given up. */
export interface BearerOptions extends Omit<TravelOptions, 'onEvent'> {
  /**
   * The word before the token: `ApiToken`, `Splunk`, `AR-JWT`; empty for the bare token.
   * @default 'Bearer' in the Authorization header, empty elsewhere
   */
  readonly scheme?: string | undefined
  /**
   * Where the token stands.
   * @default 'header'
   */
  readonly in?: CredentialsPlace['in'] | undefined
  /**
   * Name of the header, query parameter or cookie.
   * @default 'Authorization' in a header, 'access_token' in a query (RFC 6750 section 2.3)
   */
  readonly name?: string | undefined
  /** Places the token by hand, or several values that must travel together. Then `scheme`, `in` and `name` do not count. */
  readonly attach?: ((request: AuthRequest, token: AccessToken) => void) | undefined
  /**
   * Does this response refuse the token, so that a new one may help? A fixed token has nothing to be replaced with.
   * @default status 401, unless its challenge says that a new token would not help
   */
  readonly isRejected?: ((response: AuthResponse) => boolean) | undefined
  /**
   * Where the API says that the token lacks a scope (RFC 6750 section 3.1), a stronger or newer authentication (RFC
   * 9470) or a claim: fetches one that has it, once, and sends the request once more. That token is held beside the
   * other, for as long as `max_age` allows.
   * @default false
   */
  readonly stepUp?: boolean | undefined
  /** Is told what happens to each request and to the tokens. What it throws is ignored. */
  readonly onEvent?: EventListener<AuthEvent | TokenEvent> | undefined
}

const OPTIONS = ['scheme', 'in', 'name', 'attach', 'isRejected', 'stepUp', 'origins', 'onEvent']

/**
 * Sends a bearer token with each request: RFC 6750. A token that comes from a function or a source is fetched when the
 * first request needs it, kept until shortly before it expires, and replaced when the API refuses it: then the request
 * is sent once more.
 *
 * @param token a fixed token, a function that fetches one, or a source shared with other instances
 * @throws TypeError when an argument is of the wrong type
 * @example
 * api.interceptors.request.use(bearerAuth(clientCredentials(issuer, { url: '/oauth2/token' })))
 */
export function bearerAuth(
  token: string | FetchToken | TokenSource,
  options: BearerOptions = {},
): AuthInterceptor {
  assertOptions('options', options, OPTIONS)
  const { attach, isRejected, onEvent, origins, stepUp } = options
  assertFunction('attach', attach)
  assertFunction('isRejected', isRejected)
  const place = attach ? undefined : bearerPlace(options)
  const scheme = place ? schemeWord(place, options.scheme) : ''
  const send = attach ?? placing(place as CredentialsPlace, scheme)
  const travel: TravelOptions = { origins, onEvent }
  if (typeof token === 'string') {
    const fault = tokenFault(token) ?? (place && faultIn(place)(scheme ? `${scheme} ${token}` : token))
    if (fault) throw new TypeError(`\`token\` ${fault}`)
    return authInterceptor(fixedScheme(new AccessToken(1, token, undefined, {}), send), travel)
  }
  const isRefusal = isRejected ?? ((response) => refusesToken(response, scheme))
  return authInterceptor(
    tokenScheme(sourceOf(token, onEvent, 'a string, a function'), {
      place,
      send,
      isRejected: isRefusal,
      stepUp,
    }),
    travel,
  )
}

type Send = (request: AuthRequest, token: AccessToken) => void

const fixedScheme = (token: AccessToken, send: Send): AuthScheme => ({
  authenticate: (request) => send(request, token),
})

function bearerPlace({ in: where = 'header', name }: BearerOptions): CredentialsPlace {
  const usual = { header: 'Authorization', query: 'access_token', cookie: undefined }[where]
  return placeOf(where, name === undefined ? usual : name)
}

function schemeWord(place: CredentialsPlace, scheme: unknown): string {
  const isUsual = place.in === 'header' && place.name.toLowerCase() === 'authorization'
  const word = scheme === undefined ? (isUsual ? 'Bearer' : '') : scheme
  assertString('scheme', word)
  if (/^[!#$%&'*+\-.^_`|~0-9A-Za-z]*$/.test(word)) return word
  throw new TypeError('`scheme` must be a single word, or empty')
}

function placing(place: CredentialsPlace, scheme: string): Send {
  const prefix = scheme && `${scheme} `
  const faultOf = faultIn(place)
  const isBearer = scheme.toLowerCase() === 'bearer'
  // A token is read once, and sent a thousand times.
  const texts = new WeakMap<AccessToken, string>()

  function textOf(token: AccessToken): string {
    // RFC 9449 section 7.1: no API would take it.
    const isBound = isBearer && String(token.extra.token_type).toLowerCase() === 'dpop'
    const text = prefix + token.value
    const fault = isBound ? 'is bound to a key (token_type DPoP): send it with dpopAuth' : faultOf(text)
    if (fault) throw new AuthError(`The token ${fault}`, 'ERR_AUTH_TOKEN_RESPONSE')
    texts.set(token, text)
    return text
  }
  return (request, token) => {
    request.attach(place, texts.get(token) ?? textOf(token))
  }
}
