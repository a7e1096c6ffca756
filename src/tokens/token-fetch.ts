import { AuthError } from '../errors'
import type { AccessToken, TokenResult } from './access-token'
import type { FetchReason } from './token-event'
import type { TokenParameters } from './token-parameters'

/** What a function that fetches a token is told. */
export interface FetchContext {
  /** Why it is called. */
  readonly reason: FetchReason
  /** The token that is to be replaced, if there was one. */
  readonly previous: AccessToken | undefined
  /** Aborts when the fetch takes too long. A request that carries it is known as the token request. */
  readonly signal: AbortSignal
  /** What the source's `key` gave for the request; empty without one. */
  readonly key: string
  /** What the request, or a challenge, asks of this token in particular. The grants send it along. */
  readonly parameters: TokenParameters
}

/** Fetches a token: a function of your own, or one that {@link clientCredentials} and its like make. */
export interface FetchToken {
  (context: FetchContext): TokenResult | Promise<TokenResult>
  /** How long it may take, in milliseconds, if the source does not say: where a person takes part. */
  readonly timeout?: number | undefined
}

/** A fetch that is under way. */
export interface TokenFetch {
  readonly signal: AbortSignal
  /** What the function gives, unless it takes too long or is stopped. */
  readonly answer: Promise<unknown>
  /** Resolves when whoever has another token should not wait any longer; not if the answer comes first. */
  readonly slow: Promise<void>
  isSlow(): boolean
  stop(error: AuthError): void
}

export function startFetch(
  fetchToken: FetchToken,
  context: Omit<FetchContext, 'signal'>,
  timeout: number,
  patience: number | undefined,
  signals: WeakSet<object>,
): TokenFetch {
  const controller = new AbortController()
  const { signal } = controller
  signals.add(signal)
  let stop: (error: AuthError) => void = () => undefined
  const stopped = new Promise<never>((_, reject) => {
    stop = (error) => {
      reject(error)
      controller.abort()
    }
  })
  const timer = setTimeout(() => {
    stop(tookTooLong(timeout))
  }, timeout)
  // Nobody waits for a renewal behind the requests: it must not keep a process from ending.
  if (context.reason === 'stale') release(timer)
  let isSlow = false
  let slowTimer: Timer | undefined
  const slow = new Promise<void>((resolve) => {
    if (patience === undefined) return
    slowTimer = setTimeout(() => {
      isSlow = true
      resolve()
    }, patience)
    release(slowTimer)
  })
  const given = new Promise<unknown>((resolve) => {
    resolve(fetchToken({ ...context, signal }))
  })
  const answer = Promise.race([given, stopped]).finally(() => {
    clearTimeout(timer)
    clearTimeout(slowTimer)
  })
  return { signal, answer, stop, slow, isSlow: () => isSlow }
}

type Timer = ReturnType<typeof setTimeout>

/** In Node a timer keeps the process alive; elsewhere it is a number. */
function release(timer: { unref?(): void } | number): void {
  if (typeof timer === 'object') timer.unref?.()
}

const tookTooLong = (timeout: number): AuthError =>
  new AuthError(
    `No token came within ${timeout} ms: the issuer does not answer, or it is fetched through the very instance that waits for it, and waits for itself`,
    'ERR_AUTH_TOKEN_TIMEOUT',
  )
