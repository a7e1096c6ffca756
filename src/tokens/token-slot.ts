import { AuthError } from '../errors'
import type { AccessToken } from './access-token'
import { fetchPace, leftUntil } from './fetch-pace'
import { type HeldToken, type HoldSettings, holdToken } from './held-token'
import { oneAtATime } from './one-at-a-time'
import type { TokenState } from './renewal-policy'
import type { SlotSnapshot } from './slot-snapshot'
import { restartable } from './stopped-work'
import type { FetchReason, TokenEvent } from './token-event'
import { throttled, tokenFailure } from './token-failure'
import { type FetchContext, type FetchToken, startFetch, type TokenFetch } from './token-fetch'
import { lifeWithin } from './token-parameters'
import { readToken } from './token-response'

/** What all slots of a source share. */
export interface SlotSettings extends HoldSettings {
  readonly fetchToken: FetchToken
  readonly timeout: number
  readonly emit: (event: TokenEvent) => void
  /** The signals of this source's fetches. */
  readonly signals: WeakSet<object>
  /** The slots with a fetch under way, by key: also those that the source has dropped to make room. */
  readonly fetching: Map<string, TokenSlot>
}

/** The token of one key: held, renewed, refused, forgotten. */
export interface TokenSlot {
  current(): AccessToken | undefined
  fetch(): Promise<AccessToken>
  renew(): Promise<AccessToken>
  reject(token: AccessToken): boolean
  close(): void
  inspect(): SlotSnapshot
}

export function tokenSlot(
  key: string,
  wanted: Pick<FetchContext, 'key' | 'parameters'>,
  settings: SlotSettings,
): TokenSlot {
  const { clock, emit } = settings
  const begun = clock.stamp()
  const pace = fetchPace(settings.random)
  let held: HeldToken | undefined
  let previous: AccessToken | undefined
  let isRefused = false
  let lastFailure: AuthError | undefined
  let flight: TokenFetch | undefined
  let closed: AuthError | undefined

  const age = (): number => clock.since(begun)

  /** Where no other can be had the leeway gives way: the token is used to its very end. */
  function state(): TokenState | 'none' {
    if (!held) return 'none'
    const own = held.state()
    return own === 'expired' && !held.isOver() && isOut() ? 'stale' : own
  }
  const isOut = (): boolean => flight?.isSlow() === true || pace.isInTrouble(age())

  const fetchOnce = restartable(() => oneAtATime(fetchNow))

  function current(): AccessToken | undefined {
    const now = state()
    if (now === 'stale' && !flight) renewBehind()
    return now === 'fresh' || now === 'stale' ? held?.token : undefined
  }

  /** Nobody waits for it, so its failure is only an event; the pause grows while it keeps failing. */
  function renewBehind(): void {
    const now = age()
    if (pace.nextRenewal(now) <= now) fetchOnce('stale').catch(() => undefined)
  }

  async function fetchNow(reason: FetchReason): Promise<AccessToken> {
    // One that was stopped, if there is one, has not come to its end.
    flight = undefined
    assertOpen()
    assertMayFetch()
    const asked = { stamp: clock.stamp(), now: clock.now() }
    settings.fetching.set(key, slot)
    emit({ type: 'fetching', reason, key })
    try {
      flight = startFetch(
        settings.fetchToken,
        { reason, previous, ...wanted },
        settings.timeout,
        held?.patience,
        settings.signals,
      )
      const read = readToken(await flight.answer, asked.now)
      assertOpen()
      held = holdToken({ ...read, life: lifeWithin(wanted.parameters, read.life) }, asked, settings)
      const { token } = held
      previous = token
      isRefused = false
      pace.succeeded()
      emit({
        type: 'fetched',
        reason,
        key,
        token: token.serial,
        duration: Math.round(clock.since(asked.stamp)),
        expiresAt: token.expiresAt,
      })
      return token
    } catch (error) {
      const failure = tokenFailure(error, clock.now())
      if (failure !== closed) noteFailure(failure, reason, Math.round(clock.since(asked.stamp)))
      throw failure
    } finally {
      flight = undefined
      if (settings.fetching.get(key) === slot) settings.fetching.delete(key)
    }
  }

  /** For a request that waits: what is left of the held token is better than an error, or than to wait for long. */
  function fetchOrRest(): Promise<AccessToken> {
    const fetched = fetchOnce(isRefused ? 'rejected' : held ? 'expired' : 'cold')
    if (!held) return fetched
    return new Promise((resolve) => {
      const rest = (): void => {
        if (held && state() !== 'expired') resolve(held.token)
      }
      void flight?.slow.then(rest)
      fetched.then(resolve, () => {
        rest()
        resolve(fetched)
      })
    })
  }

  function assertOpen(): void {
    if (closed) throw closed
  }

  function noteFailure(failure: AuthError, reason: FetchReason, duration: number): void {
    lastFailure = failure
    pace.failed(age(), failure.retryAfter)
    const isServing = state() === 'fresh' || state() === 'stale'
    emit({ type: 'failed', reason, key, code: failure.code, duration, isServing })
  }

  function assertMayFetch(): void {
    const now = age()
    const retryIn = leftUntil(pace.nextFetch(now), now)
    if (retryIn === 0) return
    emit({ type: 'throttled', key, retryIn })
    throw throttled(retryIn, pace.isAskedToWait(now), lastFailure)
  }

  const slot: TokenSlot = {
    current,
    fetch: fetchOrRest,
    renew: () => fetchOnce('manual'),
    reject(token) {
      // By identity: a late refusal of an older token says nothing about the one that is held.
      if (held?.token !== token) return true
      // Where fresh tokens are refused, too, asking for more of them would only storm the issuer.
      const now = age()
      if (!pace.refused(now)) {
        emit({ type: 'throttled', key, retryIn: leftUntil(pace.nextReplacement(now), now) })
        return false
      }
      held = undefined
      isRefused = true
      emit({ type: 'rejected', key, token: token.serial })
      return true
    },
    close() {
      closed ??= new AuthError(
        'The token source was cleared while this request waited for a token',
        'ERR_AUTH_TOKEN_CLEARED',
      )
      held = undefined
      flight?.stop(closed)
    },
    inspect() {
      const now = age()
      const { serial, expiresAt } = held?.token ?? {}
      return {
        key,
        state: state(),
        token: serial,
        expiresAt,
        isFetching: flight !== undefined,
        retryIn: leftUntil(pace.nextFetch(now), now),
      }
    },
  }
  return slot
}
