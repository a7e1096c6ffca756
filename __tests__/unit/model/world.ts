import axios, { AxiosError, type AxiosResponse, CanceledError, type InternalAxiosRequestConfig } from 'axios'
import {
  AuthError,
  bearerAuth,
  type FetchContext,
  type TokenDemand,
  type TokenEvent,
  type TokenResult,
  type TokenSource,
  tokenSource,
} from '#lib'
import type { Life, Mood, Program, Step } from './program'
import { type Recording, recording } from './record'
import {
  emptySlot,
  type Fetch,
  failed,
  isOver,
  isSlow,
  isStale,
  isUsable,
  landed,
  MOST_REFUSALS,
  mayFetch,
  mayRenew,
  nextFetch,
  nextReplacement,
  patienceOf,
  reasonOf,
  recent,
  refused,
  type Slot,
  served,
  type Token,
  WINDOW,
} from './reference'

/** How long the source lets a fetch take, and the callers who set a timeout a request. */
const FETCH_TIMEOUT = 5000
const CALLER_TIMEOUT = 2000

/** One request of a caller. */
interface Caller {
  readonly number: number
  readonly key: string
  readonly era: number
  /** When the library got the request. */
  began: number | undefined
  readonly controller: AbortController | undefined
  readonly timeout: number | undefined
  readonly sends: Send[]
  /** What the source gave it last, and whether it had to wait. */
  given: { readonly token: Token; readonly waited: boolean } | undefined
  /** The fetch that it waits for. */
  waitsFor: Fetch | undefined
  /** How the source last failed it. */
  failure: { readonly code: string | undefined } | undefined
  /** What the source said when it was told of the refusal. */
  refusal: 'late' | 'dropped' | 'too often' | undefined
  wasThrottled: boolean
  settled: boolean
}

interface Send {
  readonly caller: Caller
  readonly token: Token | undefined
  state: 'arrived' | 'judged' | 'answered'
  verdict: Verdict | undefined
  deliver: () => void
}

interface Verdict {
  /** 0: there was no response. */
  readonly status: number
  readonly challenge?: string
  readonly isRefusal: boolean
}

/** Real: nothing here waits for a clock. */
const macrotask = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

/** Lets a program happen, compares each move of the source with the model, and tells what was wrong. */
export async function play(program: Program, unhandled: readonly unknown[]): Promise<Recording> {
  const clock = testClock()
  const record = recording(clock.truth)
  const { say, violate, meet } = record
  const unhandledBefore = unhandled.length

  const tokens = new Map<string, Token>()
  const fetches: {
    readonly fetch: Fetch
    resolve(result: TokenResult): void
    reject(error: unknown): void
  }[] = []
  const callers: Caller[] = []
  const sends: Send[] = []
  const issued = new Map<string, number>()
  let slots = new Map<string, Slot>()
  let era = 0
  let fetchCount = 0
  let serial = 0
  let rightAudience = program.rightAudience
  /** The source is about to be called: its fetch would have this reason. */
  let expected: string | undefined
  /** The token that the source dropped during the call. */
  let dropped = false
  /** How long it says during the call that a refused token is kept. */
  let keptFor: number | undefined
  let isTold = false
  /** Stretches of microtasks. */
  let stretch = 0
  let stretchBegan = 0

  function slotOf(key: string): Slot {
    const slot = slots.get(key) ?? emptySlot(key)
    slots.set(key, slot)
    return slot
  }

  // The issuer.

  function fetchToken({ key, reason, previous, signal }: FetchContext): TokenResult | Promise<TokenResult> {
    const now = clock.age()
    const slot = slotOf(key)
    fetchCount += 1
    const what = `fetch ${fetchCount} for ${key}`
    say(`    ${what} (${reason})`)
    const other =
      fetches.find(({ fetch }) => fetch.key === key && !fetch.signal.aborted)?.fetch ?? slot.flight
    if (other) violate('oneFetch', `${what} begins while fetch ${other.number} is in flight`)
    if (!mayFetch(slot, now)) violate('budget', `${what} begins ${nextFetch(slot, now) - now} ms too early`)
    if (!expected) violate('need', `${what} was asked for by nobody`)
    else if (expected !== reason) violate('need', `${what} has the reason ${reason}, not ${expected}`)
    if (previous?.value !== slot.previous?.name)
      violate('need', `${what} is told to replace ${previous?.value}, not ${slot.previous?.name}`)
    if (slot.lastFailure && recent(slot, 'failure', slot.lastFailure.at) > 2)
      meet('fetched again after the budget was spent')
    const fetch: Fetch = {
      number: fetchCount,
      key,
      reason,
      startedAt: now,
      startedOn: clock.wall(),
      timerStart: Date.now(),
      patience: patienceOf(slot.held),
      era,
      signal,
      answer: undefined,
      end: undefined,
      code: undefined,
      endedIn: 0,
      waiting: 0,
    }
    slot.flight = fetch
    if (program.issuer === 'gives') return grant(fetch, program.life)
    if (program.issuer === 'fails') throw failure(fetch, 'error')
    return new Promise((resolve, reject) => {
      fetches.push({ fetch, resolve, reject })
    })
  }

  function grant(fetch: Fetch, { of: life, refreshIn }: Life): TokenResult {
    const count = (issued.get(fetch.key) ?? 0) + 1
    issued.set(fetch.key, count)
    const token: Token = {
      name: `${fetch.key}${count}`,
      key: fetch.key,
      fetch,
      life,
      refreshIn,
      endsAt: clock.truth() + (life ?? Number.POSITIVE_INFINITY),
      isRevoked: false,
      isRefused: false,
    }
    tokens.set(token.name, token)
    fetch.answer = { token }
    if (fetch.signal.aborted) meet('an answer after the source had given up')
    const wish = refreshIn === undefined ? '' : `, to be renewed after ${refreshIn} ms`
    say(
      `fetch ${fetch.number} brings ${token.name}, life ${life === undefined ? 'unknown' : `${life} ms`}${wish}`,
    )
    if (life === undefined && refreshIn === undefined) return token.name
    return {
      access_token: token.name,
      expires_in: life === undefined ? undefined : life / 1000,
      refresh_in: refreshIn === undefined ? undefined : refreshIn / 1000,
    }
  }

  function failure(fetch: Fetch, how: 'error' | number): Error {
    const late = fetch.signal.aborted
    if (late) meet('an answer after the source had given up')
    say(`fetch ${fetch.number} fails${how === 'error' ? '' : `, Retry-After: ${how}`}`)
    const code = 'ERR_AUTH_TOKEN_REQUEST'
    fetch.answer = how === 'error' ? { code } : { code, retryAfter: how * 1000 }
    const error = new Error(`fetch ${fetch.number} failed`)
    if (how === 'error') return error
    return Object.assign(error, {
      response: { status: 503, headers: { 'retry-after': String(how) }, data: '' },
    })
  }

  /** What the source tells is the moment at which it learned something; what it learned, the model knows itself. */
  function onEvent(event: TokenEvent): void {
    if (event.type === 'cleared' || event.type === 'fetching') return
    const slot = slotOf(event.key)
    const now = clock.age()
    if (event.type === 'rejected') dropped = true
    if (event.type === 'throttled' && isTold) keptFor = event.retryIn
    else if (event.type === 'throttled') {
      slot.throttledIn = stretch
      if (mayFetch(slot, now)) violate('succeeding', `a fetch for ${event.key} is held back without a reason`)
    }
    if (event.type !== 'fetched' && event.type !== 'failed') return

    const fetch = slot.flight
    if (!fetch) {
      violate(
        'cleared',
        `the source says ${event.type} for ${event.key}, where the model has no fetch in flight`,
      )
      return
    }
    const { answer } = fetch
    slot.flight = undefined
    slot.last = fetch
    fetch.endedIn = stretch
    if (event.type === 'fetched') {
      serial += 1
      fetch.end = 'landed'
      if (!answer || !('token' in answer)) {
        violate('agreement', `fetch ${fetch.number} is said to have brought a token`)
        return
      }
      say(`    the source has ${answer.token.name}`)
      landed(slot, fetch, answer.token, serial)
      if (event.token !== serial)
        violate('agreement', `${answer.token.name} is number ${event.token}, not ${serial}`)
      if (fetch.reason === 'stale') meet('a renewal that succeeded')
      if (!served(slot, now)) meet('a token that was over when it came')
      return
    }
    fetch.end = 'failed'
    fetch.code = event.code
    say(`    the source knows that fetch ${fetch.number} failed: ${event.code}`)
    const tookTooLong = isOverdue(fetch)
    if (event.code === 'ERR_AUTH_TOKEN_TIMEOUT') {
      meet('a fetch that hung')
      if (!tookTooLong) violate('agreement', `fetch ${fetch.number} is said to have timed out`)
    } else if (!answer || !('code' in answer) || answer.code !== event.code) {
      violate('agreement', `fetch ${fetch.number} is said to have failed with ${event.code}`)
    }
    const retryAfter =
      event.code === 'ERR_AUTH_TOKEN_TIMEOUT'
        ? undefined
        : answer && 'retryAfter' in answer
          ? answer.retryAfter
          : undefined
    if (retryAfter !== undefined) meet('the issuer asked to wait')
    failed(slot, now, retryAfter)
    countSpends(slot, now)
    const isServing = served(slot, now) !== undefined
    if (event.isServing !== isServing)
      violate('agreement', `the failure of fetch ${fetch.number} says isServing ${event.isServing}`)
    if (isServing) meet('a renewal that failed while the token was good')
    if (!mayFetch(slot, now) && slot.waitUntil <= now) meet('the budget was spent by failures')
  }

  // Three at once, one after 2 s, and one every 6 s.
  const MOST_FAILURES = 3 + 1 + Math.floor((WINDOW - 2000) / 6000)

  function countSpends(slot: Slot, now: number): void {
    const failures = recent(slot, 'failure', now)
    const refusals = recent(slot, 'refusal', now)
    if (failures > MOST_FAILURES) violate('mostEight', `${failures} of the fetches for ${slot.key} failed`)
    if (refusals > MOST_REFUSALS)
      violate('mostFour', `${refusals} of the tokens for ${slot.key} were refused`)
  }

  const source = tokenSource(fetchToken, {
    now: clock.now,
    random: randomSource(program.random),
    timeout: FETCH_TIMEOUT,
    key: keyOf,
    onEvent,
  })

  /** The source, and the model beside it: each answer is compared at the very moment when it is given. */
  const watched: TokenSource = {
    ...source,
    current(demand) {
      const caller = callerOf(demand)
      caller.began ??= Date.now()
      const slot = slotOf(caller.key)
      const now = clock.age()
      const token = served(slot, now)
      const renewal =
        slot.flight || !slot.held || !token ? 'no' : both(isStale(slot.held, now), mayRenew(slot, now))
      const before = fetchCount
      const during = slot.flight
      expected = renewal === 'no' ? undefined : 'stale'
      const given = source.current(demand)
      expected = undefined
      if (renewal === 'yes' && fetchCount === before && slot.last?.endedIn !== stretch)
        violate(
          'renewed',
          `the renewal of ${token?.name} is due, and request ${caller.number} did not begin it`,
        )
      if (given?.value !== token?.name) {
        if (!given) violate('still', `${token?.name} works, but request ${caller.number} does not get it`)
        else if (given.value === slot.held?.token.name)
          violate('over', `${given.value} is over, but request ${caller.number} gets it`)
        else violate('agreement', `request ${caller.number} gets ${given.value}, not ${token?.name}`)
      } else if (token) {
        if (!clock.wasTurned() && token.endsAt <= clock.truth())
          violate('over', `${token.name} is over at the issuer, but request ${caller.number} gets it`)
        if (slot.held && isStale(slot.held, now) === 'yes') meet('served while stale')
        if (during) meet('served during a renewal')
      }
      if (given) give(caller, given.value, false)
      return given
    },
    get(demand) {
      const caller = callerOf(demand)
      const slot = slotOf(caller.key)
      const now = clock.age()
      const joined = slot.flight
      // That a request is told to come later is shared, too.
      const may = mayFetch(slot, now) && slot.throttledIn !== stretch
      expected = reasonOf(slot)
      const promise = source.get(demand)
      expected = undefined
      // A fetch that has just ended may still be shared, for some microtasks.
      const waitsFor = joined ?? slot.flight ?? (slot.last?.endedIn === stretch ? slot.last : undefined)
      caller.waitsFor = waitsFor
      if (waitsFor) {
        waitsFor.waiting += 1
        if (waitsFor.waiting > 1) meet('a fetch that many wait for')
      } else if (may) violate('settles', `request ${caller.number} has no token, and none is fetched`)
      else caller.wasThrottled = true
      say(
        `    request ${caller.number} ${waitsFor ? `waits for fetch ${waitsFor.number}` : 'is told to come later'}`,
      )
      promise.then(
        ({ value }) => {
          if (caller.settled) return
          const token = tokens.get(value)
          const isLost = waitsFor && (waitsFor.end === 'failed' || (!waitsFor.end && isSlow(waitsFor)))
          // Time may have passed since the source gave it, within these microtasks, and it may have been refused.
          const had = slot.held ?? (slot.dropped?.stretch === stretch ? slot.dropped.held : undefined)
          const isRest = isLost && had && had.token === token && !isOver(had, stretchBegan)
          if (isRest && !waitsFor?.end) meet('served because the issuer was slow')
          if (token?.fetch !== waitsFor && !isRest)
            violate(
              'agreement',
              `request ${caller.number} waited for fetch ${waitsFor?.number} and gets ${value}`,
            )
          give(caller, value, true)
        },
        (error: unknown) => {
          caller.failure = { code: (error as AxiosError).code }
          if (!caller.settled) checkFailure(caller, waitsFor, may, error)
          const rest = error instanceof AuthError && caller.era === era && served(slot, clock.age())
          if (rest) violate('still', `${rest.name} still works, but request ${caller.number} fails`)
        },
      )
      return promise
    },
    reject(token, demand) {
      const caller = callerOf(demand)
      const slot = slotOf(caller.key)
      const refusedToken = tokens.get(token.value)
      if (!refusedToken) throw new Error(`${token.value} was never issued`)
      refusedToken.isRefused = true
      const before = slot.held
      const held = before?.token
      const now = clock.age()
      const verdict = refused(slot, refusedToken, now)
      if (before && verdict === 'dropped') slot.dropped = { held: before, stretch }
      countSpends(slot, now)
      dropped = false
      keptFor = undefined
      isTold = true
      const isWorth = source.reject(token, demand)
      isTold = false
      caller.refusal = verdict
      say(`    the source is told that ${token.value} was refused: ${verdict}`)
      if (dropped && verdict === 'late') {
        violate('identity', `${held?.name} is dropped because ${token.value} was refused`)
        slot.held = undefined
      } else if (dropped !== (verdict === 'dropped')) {
        if (verdict === 'too often') violate('failFast', `${token.value} is dropped beyond the budget`)
        else violate('agreement', `${token.value} was refused, and the source keeps it`)
      }
      if (isWorth !== (verdict !== 'too often'))
        violate(
          isWorth ? 'failFast' : 'replayed',
          `the source says that asking for a new token is ${isWorth ? '' : 'not '}worth it: ${verdict}`,
        )
      if (keptFor !== (verdict === 'too often' ? nextReplacement(slot, now) - now : undefined))
        violate('agreement', `${token.value}, ${verdict}, is said to be kept for ${keptFor} ms`)
      if (verdict === 'late' && held) meet('a straggler, refused after a newer token came')
      if (verdict === 'late' && caller.era < era) meet('refused after clear()')
      if (verdict === 'too often') meet('got its 401 at once')
      if (verdict === 'too often' && mayFetch(slot, now)) meet('refusals alone were too many')
      return isWorth
    },
  }

  /** The source has just given a request this token. */
  function give(caller: Caller, name: string, waited: boolean): void {
    const token = tokens.get(name)
    const slot = slotOf(caller.key)
    if (!token) {
      violate('issued', `request ${caller.number} gets ${name}, which was never issued`)
      return
    }
    caller.given = { token, waited }
    const { held } = slot
    if (held?.token === token && !isUsable(held, clock.age()) && served(slot, clock.age()))
      meet('a token used to its very end')
    if (!held || held.token === token || token.fetch.era !== held.token.fetch.era) return
    if (token.isRefused)
      violate('newest', `request ${caller.number} gets ${name}, which was refused, not ${held.token.name}`)
    if (!isUsable({ token, since: token.fetch.startedAt, serial: 0 }, clock.age()))
      violate('newest', `request ${caller.number} gets ${name}, which is over, not ${held.token.name}`)
  }

  function checkFailure(caller: Caller, fetch: Fetch | undefined, may: boolean, error: unknown): void {
    const { code } = error as { code?: string }
    const what = `request ${caller.number} is told ${code}`
    if (code === 'ERR_AUTH_TOKEN_THROTTLED') {
      if (may) violate('succeeding', `${what} within the budget`)
    } else if (code === 'ERR_AUTH_TOKEN_CLEARED') {
      if (fetch?.end !== 'cleared') violate('outcome', `${what}, but nothing was cleared`)
    } else if (code === 'ERR_CANCELED') {
      if (!caller.controller?.signal.aborted) violate('leaving', `${what}, but did not abort`)
    } else if (code === 'ECONNABORTED') {
      if (!isLate(caller)) violate('leaving', `${what}, but its time is not over`)
    } else if (fetch?.end !== 'failed' || fetch.code !== code) {
      violate('outcome', `${what}; fetch ${fetch?.number}: ${fetch?.code ?? fetch?.end}`)
    }
  }

  const isLate = ({ timeout, began }: Caller): boolean =>
    timeout !== undefined && began !== undefined && Date.now() - began >= timeout

  // The API.

  const adapter = (config: InternalAxiosRequestConfig): Promise<AxiosResponse> =>
    new Promise((resolve, reject) => {
      const caller = callerOf(config)
      const { signal } = config
      const leave = (): void => {
        drop(sends, send)
        reject(new CanceledError(undefined, config))
      }
      const send = arrived(caller, config.headers.get('Authorization'), () => {
        signal?.removeEventListener?.('abort', leave)
        respond(config, send.verdict as Verdict, resolve, reject)
      })
      // What a real adapter does first of all.
      if (signal?.aborted) {
        reject(new CanceledError(undefined, config))
        return
      }
      send.deliver = send.deliver.bind(send)
      checkSend(send)
      caller.sends.push(send)
      signal?.addEventListener?.('abort', leave)
      if (program.promptApi) {
        judge(send, 'token')
        answer(send)
      } else sends.push(send)
    })

  function arrived(caller: Caller, authorization: unknown, deliver: () => void): Send {
    const name = typeof authorization === 'string' ? authorization.replace(/^Bearer /, '') : ''
    return { caller, token: tokens.get(name), state: 'arrived', verdict: undefined, deliver }
  }

  function checkSend({ caller, token }: Send): void {
    const what = `request ${caller.number} is sent with ${token?.name ?? 'no token'}`
    say(`    ${what}`)
    const first = caller.sends[0]
    if (caller.sends.length > 1) violate('oneReplay', `${what}, for the third time`)
    if (first && !(first.state === 'answered' && first.verdict?.isRefusal))
      violate('oneReplay', `${what} again, and had not been refused`)
    if (caller.settled) violate('leaving', `${what} although it is settled`)
    if (!token || token !== caller.given?.token) {
      violate('issued', `${what}, and the source gave ${caller.given?.token.name}`)
      if (!token) return
    }
    if (token.key !== caller.key) violate('ownKey', `${what}, and needs one for ${caller.key}`)
    if (token.fetch.end === 'cleared') violate('cleared', `${what}, whose fetch was under way at clear()`)
    if (token.fetch.era < caller.era) violate('cleared', `${what}, which is from before clear()`)
  }

  function judge(send: Send, mood: Mood): void {
    const { token, caller } = send
    const isGood =
      token !== undefined &&
      rightAudience &&
      !token.isRevoked &&
      token.endsAt > clock.truth() &&
      token.key === caller.key
    const byToken: Verdict = isGood ? { status: 200, isRefusal: false } : { status: 401, isRefusal: true }
    send.verdict = {
      token: byToken,
      broken: { status: 500, isRefusal: false },
      forbidden: { status: 403, isRefusal: false },
      'insufficient scope': {
        status: 401,
        challenge: 'Bearer error="insufficient_scope"',
        isRefusal: false,
      },
      unreachable: { status: 0, isRefusal: false },
    }[mood]
    send.state = 'judged'
    say(`the API judges ${token?.name} of request ${caller.number}: ${send.verdict.status || 'no response'}`)
  }

  function answer(send: Send): void {
    send.state = 'answered'
    say(`request ${send.caller.number} is answered: ${send.verdict?.status || 'no response'}`)
    send.deliver()
  }

  const api = axios.create({ baseURL: 'https://api.example', adapter })
  api.interceptors.request.use(bearerAuth(watched))

  // The callers.

  function keyOf({ url }: TokenDemand): string {
    return url?.split('/')[1] ?? ''
  }

  function callerOf(demand: TokenDemand | undefined): Caller {
    const caller = callers[Number(demand?.url?.split('/')[2]) - 1]
    if (!caller) throw new Error(`whose request is ${demand?.url}?`)
    return caller
  }

  function request(key: string, leaves: 'never' | 'by signal' | 'by timeout', resolves: boolean): void {
    const caller: Caller = {
      number: callers.length + 1,
      key,
      era,
      began: undefined,
      controller: leaves === 'by signal' ? new AbortController() : undefined,
      timeout: leaves === 'by timeout' ? CALLER_TIMEOUT : undefined,
      sends: [],
      given: undefined,
      waitsFor: undefined,
      failure: undefined,
      refusal: undefined,
      wasThrottled: false,
      settled: false,
    }
    callers.push(caller)
    say(`request ${caller.number} for ${key}${leaves === 'never' ? '' : `, may leave ${leaves}`}`)
    const { controller, timeout } = caller
    api
      .get(`/${key}/${caller.number}`, {
        ...(controller && { signal: controller.signal }),
        ...(timeout && { timeout }),
        ...(resolves && { validateStatus: () => true }),
      })
      .then(
        ({ status }) => settled(caller, status),
        (error: unknown) => failedFor(caller, error),
      )
  }

  function failedFor(caller: Caller, error: unknown): void {
    const { code, response } = error as AxiosError
    if (response) {
      settled(caller, response.status)
      return
    }
    if (code === 'ERR_NETWORK') {
      settled(caller, 0)
      return
    }
    caller.settled = true
    say(`    request ${caller.number} ends: ${code ?? String(error)}`)
    if (code === 'ERR_CANCELED') {
      if (!caller.controller?.signal.aborted)
        violate('leaving', `request ${caller.number} was canceled by nobody`)
    } else if (code === 'ECONNABORTED') {
      meet('its own timeout ended the wait')
      if (!isLate(caller)) violate('leaving', `request ${caller.number} ran out of time too early`)
    } else if (!(error instanceof AuthError)) {
      violate('outcome', `request ${caller.number} ends with ${String(error)}`)
    } else if (caller.sends.length > 0) {
      violate('outcome', `request ${caller.number} was answered, but ends with ${code}`)
    } else if (caller.failure?.code !== code) {
      violate(
        'outcome',
        `request ${caller.number} ends with ${code}, the source said ${caller.failure?.code}`,
      )
    }
    if (code === 'ERR_AUTH_TOKEN_THROTTLED') meet('failed at once')
  }

  function settled(caller: Caller, status: number): void {
    caller.settled = true
    say(`    request ${caller.number} ends: ${status || 'no response'}`)
    const [first] = caller.sends
    const last = caller.sends.at(-1)
    if (last?.state !== 'answered' || last.verdict?.status !== status)
      violate(
        'outcome',
        `request ${caller.number} ends with ${status}, the API said ${last?.verdict?.status}`,
      )
    if (status === 200) meet(caller.sends.length === 2 ? 'refused and replayed with success' : 'served')
    if (status === 401 && caller.sends.length === 2) meet('refused twice')
    if (
      caller.sends.length === 1 &&
      first?.verdict?.isRefusal &&
      caller.refusal !== 'too often' &&
      !caller.failure
    )
      violate('replayed', `request ${caller.number} was refused, and could have been sent again`)
  }

  // What happens.

  function take(step: Step): void {
    switch (step.do) {
      case 'request':
        for (let count = 0; count < step.count; count += 1)
          request(keyName(step.key), step.leaves, step.resolves)
        return
      case 'issue': {
        const pending = fetches.splice(step.nth % fetches.length, 1)[0]
        pending?.resolve(grant(pending.fetch, step.life))
        return
      }
      case 'fail': {
        const pending = fetches.splice(step.nth % fetches.length, 1)[0]
        if (!pending) return
        if (step.how !== 'malformed') pending.reject(failure(pending.fetch, step.how))
        else {
          say(`fetch ${pending.fetch.number} brings something else than a token`)
          pending.fetch.answer = { code: 'ERR_AUTH_TOKEN_RESPONSE' }
          pending.resolve({} as TokenResult)
        }
        return
      }
      case 'judge': {
        const waiting = sends.filter(({ state }) => state === 'arrived')
        const send = waiting[step.nth % waiting.length]
        if (send) judge(send, step.mood)
        return
      }
      case 'answer': {
        const judged = sends.filter(({ state }) => state === 'judged')
        const send = judged[step.nth % judged.length]
        if (!send) return
        drop(sends, send)
        answer(send)
        return
      }
      case 'settle':
        settleAll(step.life)
        return
      case 'revoke':
        say(`all tokens for ${keyName(step.key)} are revoked`)
        for (const token of tokens.values()) if (token.key === keyName(step.key)) token.isRevoked = true
        return
      case 'audience':
        say(step.right ? 'the API takes tokens' : 'the API refuses all tokens')
        rightAudience = step.right
        return
      case 'abort': {
        const able = callers.filter(
          ({ settled: over, controller }) => !over && controller?.signal.aborted === false,
        )
        const caller = able[step.nth % able.length]
        if (!caller) return
        say(`request ${caller.number} is aborted`)
        if (caller.sends.some(({ state }) => state !== 'answered')) meet('aborted while the API had it')
        else if (caller.waitsFor && !caller.waitsFor.end) meet('aborted while it waited for a token')
        caller.controller?.abort()
        return
      }
      case 'clear':
        clear()
        return
      case 'renew':
        renew(keyName(step.key))
        return
      case 'look':
        look()
        return
      case 'wait':
        say(`${step.ms} ms pass`)
        jest.advanceTimersByTime(step.ms)
        return
      case 'sleep':
        say(`the machine sleeps for ${step.ms} ms`)
        clock.sleep(step.ms)
        return
      case 'turn':
        say(`the clock is turned by ${step.ms} ms`)
        clock.turn(step.ms)
        if (step.ms < 0 && [...slots.values()].some(({ held }) => held))
          meet('the clock turned back while a token was held')
        return
    }
  }

  const keyName = (number: number): string => 'abc'[number % program.keys] ?? 'a'

  /** Everything that is pending goes well, as far as the API's mind and the tokens allow. */
  function settleAll(life: Life): void {
    for (const { fetch, resolve } of fetches.splice(0)) resolve(grant(fetch, life))
    for (const send of sends.splice(0)) {
      if (send.state === 'arrived') judge(send, 'token')
      answer(send)
    }
  }

  const isOverdue = ({ timerStart }: Fetch): boolean => Date.now() - timerStart >= FETCH_TIMEOUT
  const hasFailed = (fetch: Fetch): boolean =>
    isOverdue(fetch) || (fetch.answer !== undefined && 'code' in fetch.answer)

  function clear(): void {
    say('clear()')
    era += 1
    const cleared = slots
    slots = new Map()
    for (const { flight, held } of cleared.values()) {
      if (held) meet('cleared while a token was held')
      if (!flight) continue
      meet('cleared while a token was fetched')
      flight.end = 'cleared'
    }
    source.clear()
    for (const { flight } of cleared.values()) {
      if (flight && !flight.signal.aborted) violate('cleared', `fetch ${flight.number} goes on after clear()`)
    }
  }

  function renew(key: string): void {
    say(`renew() for ${key}`)
    const slot = slotOf(key)
    const now = clock.age()
    const may = mayFetch(slot, now) && slot.throttledIn !== stretch
    const before = slot.flight
    expected = 'manual'
    const renewal = source.renew({ url: `/${key}` })
    expected = undefined
    const fetch = before ?? slot.flight ?? (slot.last?.endedIn === stretch ? slot.last : undefined)
    if (!fetch && may) violate('need', `renew() for ${key} fetches nothing`)
    renewal.then(
      ({ value }) => {
        meet('renewed by hand')
        if (tokens.get(value)?.fetch !== fetch) violate('agreement', `renew() for ${key} gives ${value}`)
      },
      (error: unknown) => {
        const { code } = error as AxiosError
        const isExplained =
          code === 'ERR_AUTH_TOKEN_THROTTLED'
            ? !may
            : code === 'ERR_AUTH_TOKEN_CLEARED'
              ? fetch?.end === 'cleared'
              : fetch?.code === code
        if (!isExplained) violate('outcome', `renew() for ${key} fails with ${code}`)
      },
    )
  }

  /** Compares what the source says of itself. */
  function look(): void {
    const now = clock.age()
    const seen = source.inspect()
    for (const { key, state, token, expiresAt, isFetching, retryIn } of seen) {
      const slot = slotOf(key)
      const { held } = slot
      const stale = held && isStale(held, now)
      const states = !held
        ? ['none']
        : !isUsable(held, now)
          ? [served(slot, now) ? 'stale' : 'expired']
          : [...(stale !== 'yes' ? ['fresh'] : []), ...(stale !== 'no' ? ['stale'] : [])]
      const life = held?.token.life
      const model = {
        state: states.includes(state) ? state : states.join(' or '),
        token: held?.serial,
        expiresAt: held && life !== undefined ? held.token.fetch.startedOn + life : undefined,
        isFetching: slot.flight !== undefined,
        retryIn: Math.max(0, nextFetch(slot, now) - now),
      }
      const said = { state, token, expiresAt, isFetching, retryIn }
      if (JSON.stringify(said) !== JSON.stringify(model))
        violate(
          'agreement',
          `of ${key} the source says ${JSON.stringify(said)}, the model ${JSON.stringify(model)}`,
        )
    }
    for (const { key, held, flight } of slots.values()) {
      if ((held || flight) && !seen.some((snapshot) => snapshot.key === key))
        violate('agreement', `the source knows nothing of ${key}`)
    }
  }

  /** All microtasks have run: nothing may hang that has nothing to wait for. */
  function checkQuiet(): void {
    for (const { key, flight } of slots.values()) {
      if (flight?.answer)
        violate('agreement', `fetch ${flight.number} for ${key} was answered, and the source did not notice`)
      else if (flight && isOverdue(flight)) violate('settles', `fetch ${flight.number} for ${key} hangs on`)
    }
    for (const caller of callers) {
      if (caller.settled) continue
      const what = `request ${caller.number} hangs`
      if (caller.controller?.signal.aborted) violate('leaving', `${what} although it was aborted`)
      if (sends.some((send) => send.caller === caller)) continue
      const { waitsFor, given } = caller
      if (waitsFor && !waitsFor.end && !waitsFor.answer) {
        if (isLate(caller)) violate('leaving', `${what} although its time is over`)
        const rest = isSlow(waitsFor) && served(slotOf(caller.key), clock.age())
        if (rest) violate('still', `${what} for a fetch that is slow although it has ${rest.name}`)
        continue
      }
      if (caller.wasThrottled) violate('failFast', `${what} although no token can be had`)
      else if (given && !given.waited) violate('still', `${what} although it has ${given.token.name}`)
      else violate('settles', `${what}, and nothing is left to wait for`)
    }
    if (unhandled.length > unhandledBefore)
      violate('unhandled', `unhandled: ${String(unhandled[unhandledBefore])}`)
  }

  async function letRun(ticks: number | 'all'): Promise<void> {
    if (ticks !== 'all') {
      for (let tick = 0; tick < ticks; tick += 1) await undefined
      return
    }
    await macrotask()
    // Who ran out of time while the API had the request waits no longer for a token.
    for (let before = jest.getTimerCount(); before > 0; before = jest.getTimerCount()) {
      jest.advanceTimersByTime(0)
      if (jest.getTimerCount() === before) break
      await macrotask()
    }
    stretch += 1
    stretchBegan = clock.age()
    checkQuiet()
  }

  /** Whatever is pending comes to an end. */
  async function finish(): Promise<void> {
    say(`the end: what is pending is ${program.ending}`)
    rightAudience = true
    for (let round = 0; round < 8; round += 1) {
      await letRun('all')
      if (fetches.length === 0 && sends.length === 0 && callers.every(({ settled: over }) => over)) break
      if (program.ending === 'timed out') jest.advanceTimersByTime(FETCH_TIMEOUT)
      await letRun('all')
      for (const { fetch, resolve, reject } of fetches.splice(0)) {
        if (program.ending === 'given') resolve(grant(fetch, { of: 60_000 }))
        else reject(failure(fetch, 'error'))
      }
      await letRun('all')
      settleAll({ of: 60_000 })
    }
    await letRun('all')
    for (const { number, settled: over } of callers)
      if (!over) violate('settles', `request ${number} never ends`)
    look()
    const timers = jest.getTimerCount()
    if (timers > 0) violate('timers', `${timers} timers are left`)
    jest.clearAllTimers()
  }

  for (const step of program.steps) {
    // What counts first, a failure that the source does not know yet or clear(), is left open.
    if (step.do === 'clear' && [...slots.values()].some(({ flight }) => flight && hasFailed(flight)))
      await letRun('all')
    take(step)
    await letRun(step.ticks)
  }
  await finish()
  return record
}

function respond(
  config: InternalAxiosRequestConfig,
  { status, challenge }: Verdict,
  resolve: (response: AxiosResponse) => void,
  reject: (error: unknown) => void,
): void {
  if (status === 0) {
    reject(new AxiosError('Network Error', 'ERR_NETWORK', config))
    return
  }
  const headers = challenge ? { 'www-authenticate': challenge } : {}
  const response: AxiosResponse = { status, statusText: '', headers, data: '', config }
  if (config.validateStatus?.(status) !== false) resolve(response)
  else reject(new AxiosError(`status ${status}`, 'ERR_BAD_REQUEST', config, undefined, response))
}

/** The wall clock of the machine, the time as it is, and the age that the source can know of. */
function testClock() {
  let offset = 0
  let slept = 0
  let isTurned = false
  const began = Date.now()
  const wall = (): number => Date.now() + offset
  let last = wall()
  let age = 0
  return {
    wall,
    /** What the source reads: only what it has seen can it know. */
    now(): number {
      const now = wall()
      age += Math.max(0, now - last)
      last = now
      return now
    },
    age: () => age + Math.max(0, wall() - last),
    truth: () => Date.now() - began + slept,
    sleep(ms: number): void {
      offset += ms
      slept += ms
    },
    turn(ms: number): void {
      offset += ms
      isTurned = true
    },
    wasTurned: () => isTurned,
  }
}

/** From 0 to 1, the same for the same seed: mulberry32. */
function randomSource(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}

const both = <Sure extends string>(one: Sure, other: Sure): Sure | 'no' | 'perhaps' =>
  one === 'no' || other === 'no' ? 'no' : one === 'perhaps' ? one : other

function drop<T>(list: T[], item: T): void {
  const index = list.indexOf(item)
  if (index >= 0) list.splice(index, 1)
}
