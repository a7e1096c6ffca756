import type { AuthRequest, AuthResponse, AuthScheme, CredentialsPlace } from '../auth-scheme'
import { AuthError } from '../errors'
import type { EventListener } from '../events'
import { isPromise, kindOf } from '../option'
import type { AccessToken } from '../tokens/access-token'
import type { TokenEvent } from '../tokens/token-event'
import type { FetchToken } from '../tokens/token-fetch'
import { keyOfParameters } from '../tokens/token-parameters'
import { type TokenDemand, type TokenSource, tokenSource } from '../tokens/token-source'
import { lackedBy } from './step-up'

/** The source of what `bearerAuth` was given: that itself, or one for its fetch function. */
export function sourceOf(
  token: unknown,
  onEvent: EventListener<TokenEvent> | undefined,
  others: string,
): TokenSource {
  const source = typeof token === 'function' ? tokenSource(token as FetchToken, { onEvent }) : token
  if (isTokenSource(source)) return source
  throw new TypeError(`\`token\` must be ${others} or a token source, not ${kindOf(token)}`)
}

const isTokenSource = (source: unknown): source is TokenSource =>
  typeof (source as Partial<TokenSource> | undefined)?.get === 'function' &&
  typeof (source as TokenSource).current === 'function'

/** How tokens travel, and when one is given up. */
export interface TokenSchemeSettings {
  /** The place that the token is sent in, where there is only one: a request that brings its own there is left alone. */
  readonly place: CredentialsPlace | undefined
  /** Attaches the token. */
  readonly send: (request: AuthRequest, token: AccessToken) => void | Promise<void>
  /** Does this response refuse the token, so that a new one may help? */
  readonly isRejected: (response: AuthResponse) => boolean
  readonly stepUp: boolean | undefined
}

/** What a request was sent with. */
interface Carried {
  readonly token: AccessToken
  readonly demand: TokenDemand
  /** The demand of the next send, after a response that asked for more. */
  next?: TokenDemand
}

/** The scheme of all tokens that a source gives: taken, fetched, replaced when refused, stepped up when asked. */
export function tokenScheme(source: TokenSource, settings: TokenSchemeSettings): AuthScheme {
  const { place, send, isRejected, stepUp } = settings
  if (stepUp !== undefined && typeof stepUp !== 'boolean')
    throw new TypeError(`\`stepUp\` must be true or false, not ${kindOf(stepUp)}`)
  function carry(request: AuthRequest, token: AccessToken, demand: TokenDemand): void | Promise<void> {
    request.carries = { token, demand } satisfies Carried
    return send(request, token)
  }
  /** A promise would be a yes, whatever it brings. */
  function isRefusal(response: AuthResponse): boolean {
    const answer: unknown = isRejected(response)
    if (!isPromise(answer)) return Boolean(answer)
    throw new AuthError('`isRejected` must answer true or false, not a promise', 'ERR_AUTH_CREDENTIALS')
  }
  /** A token that was stepped up to is sent in replays alone, which nobody answers: it is given up here. */
  function learn(response: AuthResponse, request: AuthRequest): boolean {
    const { token, demand } = request.carries as Carried
    const isSteppedUp = demand.authenticate !== request.config.authenticate
    if (isSteppedUp && isRefusal(response)) source.reject(token, demand)
    return false
  }
  return {
    ...(stepUp && { learn }),
    authenticate(request) {
      if (place && request.brings(place)) return
      // The request that fetches this very token cannot wait for it.
      if (request.signal && source.isFetch(request.signal)) return
      const carried = request.carries as Carried | undefined
      const demand = carried?.next ?? carried?.demand ?? request.config
      const held = source.current(demand)
      return held
        ? carry(request, held, demand)
        : source.get(demand).then((token) => carry(request, token, demand))
    },
    answer(response, request) {
      const carried = request.carries as Carried
      const { token, demand } = carried
      const asked = demand.authenticate || {}
      const lacked = stepUp && lackedBy(response, asked)
      if (!lacked) return isRefusal(response) && source.reject(token, demand)
      carried.next = { ...request.config, authenticate: lacked }
      // What was asked for already: that token is too old for its `max_age`.
      return keyOfParameters(lacked) !== keyOfParameters(asked) || source.reject(token, demand)
    },
  }
}
