import pMemoize from 'p-memoize'
import { AuthError } from '../errors'
import { AccessToken, type TokenResult } from './access-token'
import type { Clock, Stamp } from './clock'
import { failureBudget } from './failure-budget'
import { type PolicyOptions, pauseAfter, type Schedule, scheduleOf, stateAt, type TokenState } from './renewal-policy'
import type { FetchReason, TokenEvent } from './token-event'
import { tokenFailure } from './token-failure'
import { readToken } from './token-response'

/** What a function that fetches a token is told. */
export interface FetchContext {
  readonly reason: FetchReason
  /** The token that is to be replaced, if there was one. */
  readonly previous: AccessToken | undefined
  /** Aborts when the fetch takes too long. A request that carries it is known as the token request. */
  readonly signal: AbortSignal
  /** What the source's `key` gave for the request; empty without one. */
  readonly key: string
}

/** Fetches a token. */
export type FetchToken = (context: FetchContext) => TokenResult | Promise<TokenResult>

/** What all slots of a source share. */
export interface SlotSettings extends PolicyOptions {
  readonly fetchToken: FetchToken
  readonly timeout: number
  readonly clock: Clock
  readonly random: () => number
  readonly emit: (event: TokenEvent) => void
  readonly nextSerial: () => number
  /** The signals of this source's fetches. */
  readonly signals: WeakSet<object>
}

/** The token of one key: held, renewed, refused, forgotten. */
export interface TokenSlot {
  current(): AccessToken | undefined
  fetch(reason?: FetchReason): Promise<AccessToken>
  reject(token: AccessToken): boolean
  close(): void
  inspect(): SlotSnapshot
}

/** The state of a token, for debugging. */
export interface SlotSnapshot {
  readonly key: string
  readonly state: TokenState | 'none'
  /** The serial number of the held token. */
  readonly token: number | undefined
  /** Milliseconds since 1970. */
  readonly expiresAt: number | undefined
  readonly isFetching: boolean
  /** Milliseconds until the next try may be made. */
  readonly retryIn: number
}

interface Held {
  readonly token: AccessToken
  readonly stamp: Stamp
  readonly schedule: Schedule
}

export function tokenSlot(key: string, settings: SlotSettings): TokenSlot {
  const { clock, random, emit, timeout } = settings
  const begun = clock.stamp()
  const budget = failureBudget()
  let held: Held | undefined
  let previous: AccessToken | undefined
  let lastFailure: AuthError | undefined
  let failuresInRow = 0
  /** In milliseconds since `begun`: until then a renewal is not due again, or the issuer wants no fetch at all. */
  let renewalPausedUntil = 0
  let issuerWaitsUntil = 0
  let isRefused = false
  let flight: { stop(error: AuthError): void } | undefined
  let closed: AuthError | undefined

  const age = (): number => clock.since(begun)
  const stateOf = ({ stamp, schedule }: Held): TokenState => stateAt(clock.since(stamp), schedule)
  const nextTry = (now: number): number => Math.max(issuerWaitsUntil, budget.nextTry(now))

  // The pending fetch is all that p-memoize remembers: what it brought is held here, where it can be looked up at once.
  const fetchOnce = pMemoize(fetchNow, { cache: false, cacheKey: () => key })

  function current(): AccessToken | undefined {
    if (!held) return undefined
    const state = stateOf(held)
    if (state === 'expired') return undefined
    if (state === 'stale' && !flight) renewBehind()
    return held.token
  }

  /** Nobody waits for it, so its failure is only an event; the pause grows while it keeps failing. */
  function renewBehind(): void {
    const now = age()
    if (Math.max(renewalPausedUntil, nextTry(now)) <= now) fetchOnce('stale').catch(() => undefined)
  }

  function fetch(reason?: FetchReason): Promise<AccessToken> {
    return fetchOnce(reason ?? (isRefused ? 'rejected' : held ? 'expired' : 'cold'))
  }

  async function fetchNow(reason: FetchReason): Promise<AccessToken> {
    assertMayFetch()
    // The life is counted from before the request: when it was granted, nobody here can know.
    const stamp = clock.stamp()
    const now = clock.now()
    emit({ type: 'fetching', reason, key })
    try {
      const read = readToken(await answerOf(reason), now)
      if (closed) throw closed
      const token = new AccessToken(settings.nextSerial(), read.value, expiry(now, read.life), read.extra)
      held = { token, stamp, schedule: scheduleOf(read.life, read.renewAfter, settings, random) }
      previous = token
      isRefused = false
      failuresInRow = 0
      renewalPausedUntil = 0
      const { serial, expiresAt } = token
      emit({ type: 'fetched', reason, key, token: serial, duration: clock.since(stamp), expiresAt })
      return token
    } catch (error) {
      throw failed(tokenFailure(error), reason, clock.since(stamp))
    } finally {
      flight = undefined
    }
  }

  function assertMayFetch(): void {
    const now = age()
    const retryAfter = nextTry(now) - now
    if (retryAfter <= 0) return
    emit({ type: 'throttled', key, retryIn: retryAfter })
    const why = issuerWaitsUntil > now ? 'The issuer asked to wait' : 'The token was refused or could not be fetched too often'
    throw new AuthError(`${why}: no token is asked for within the next ${Math.ceil(retryAfter)} ms`, 'ERR_AUTH_TOKEN_THROTTLED', {
      retryAfter,
      cause: lastFailure,
    })
  }

  /** What the user's function gives, unless it takes too long or the source is cleared. */
  async function answerOf(reason: FetchReason): Promise<unknown> {
    const controller = new AbortController()
    const { signal } = controller
    settings.signals.add(signal)
    let timer: ReturnType<typeof setTimeout> | undefined
    const stopped = new Promise<never>((_, reject) => {
      const stop = (error: AuthError): void => {
        reject(error)
        controller.abort()
      }
      flight = { stop }
      timer = setTimeout(() => stop(tookTooLong(timeout)), timeout)
      // Nobody waits for a renewal behind the requests: it must not keep a process from ending.
      if (reason === 'stale') (timer as { unref?(): void }).unref?.()
    })
    try {
      const answer = new Promise<unknown>((resolve) => resolve(settings.fetchToken({ reason, previous, signal, key })))
      return await Promise.race([answer, stopped])
    } finally {
      clearTimeout(timer)
    }
  }

  function failed(failure: AuthError, reason: FetchReason, duration: number): AuthError {
    const now = age()
    if (failure.code === 'ERR_AUTH_TOKEN_CLEARED') return failure
    lastFailure = failure
    budget.spend(now)
    failuresInRow += 1
    renewalPausedUntil = now + pauseAfter(failuresInRow, failure.retryAfter, random)
    issuerWaitsUntil = now + (failure.retryAfter ?? 0)
    emit({ type: 'failed', reason, key, code: failure.code, duration, isServing: held !== undefined && stateOf(held) !== 'expired' })
    return failure
  }

  /** By identity: a late refusal of an older token says nothing about the one that is held. */
  function reject(token: AccessToken): boolean {
    if (held?.token !== token) return true
    const now = age()
    // Fresh tokens are refused, too: asking for more of them would only storm the issuer.
    if (budget.nextTry(now) > now) return false
    budget.spend(now)
    held = undefined
    isRefused = true
    emit({ type: 'rejected', key, token: token.serial })
    return true
  }

  function close(): void {
    closed = new AuthError('The token source was cleared while this request waited for a token', 'ERR_AUTH_TOKEN_CLEARED')
    held = undefined
    flight?.stop(closed)
  }

  function inspect(): SlotSnapshot {
    const now = age()
    return {
      key,
      state: held ? stateOf(held) : 'none',
      token: held?.token.serial,
      expiresAt: held?.token.expiresAt,
      isFetching: flight !== undefined,
      retryIn: Math.max(0, nextTry(now) - now),
    }
  }

  return { current, fetch, reject, close, inspect }
}

// What a Date can hold. A life beyond it has no end.
const END_OF_TIME = 8.64e15

const expiry = (now: number, life: number | undefined): number | undefined =>
  life === undefined || now + life > END_OF_TIME ? undefined : now + life

const tookTooLong = (timeout: number): AuthError =>
  new AuthError(
    `No token came within ${timeout} ms. If it is fetched through the instance that waits for it, it waits for itself: fetch it through a second instance`,
    'ERR_AUTH_TOKEN_TIMEOUT',
  )
