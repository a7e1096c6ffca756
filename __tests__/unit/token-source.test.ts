import { setImmediate as turn } from 'node:timers/promises'
import { inspect } from 'node:util'
import { createContext, runInContext } from 'node:vm'
import axios from 'axios'
import { AuthError } from '#lib/errors'
import type { AccessToken, TokenResult } from '#lib/tokens/access-token'
import type { TokenEvent } from '#lib/tokens/token-event'
import type { FetchContext, FetchToken } from '#lib/tokens/token-fetch'
import { type TokenSource, type TokenSourceOptions, tokenSource } from '#lib/tokens/token-source'

const START = Date.UTC(2030, 0, 1)
const SECOND = 1000
const MINUTE = 60 * SECOND
// With a life of 600 s and no jitter: renewal is due from 450 s on, and the token counts as expired from 570 s on.
const DUE = 450 * SECOND
const EXPIRED = 570 * SECOND
const END = 600 * SECOND

function deferred<Value>() {
  let resolve!: (value: Value) => void
  let reject!: (reason: unknown) => void
  const promise = new Promise<Value>((yes, no) => {
    resolve = yes
    reject = no
  })
  return { promise, resolve, reject }
}

/** The wall clock, in the hand of the test. */
function wallClock() {
  let at = START
  return {
    now: () => at,
    pass: (ms: number) => {
      at += ms
    },
  }
}

const answer = (value: string) => ({ access_token: value, token_type: 'Bearer', expires_in: 600 })

/** A source, and all that can be seen of it. Without a fetch of its own it gets `token-1`, `token-2`, ... */
function setUp(fetchToken?: FetchToken, options: TokenSourceOptions = {}) {
  const { now, pass } = wallClock()
  let count = 0
  const fetch = jest.fn<TokenResult | Promise<TokenResult>, [FetchContext]>(
    fetchToken ??
      (async () => {
        count += 1
        return answer(`token-${count}`)
      }),
  )
  const events: TokenEvent[] = []
  const source = tokenSource(fetch, {
    now,
    random: () => 0.5,
    onEvent: (event) => events.push(event),
    ...options,
  })
  return { source, fetch, events, pass, now }
}

/** A source that holds a token, and whose issuer hangs from then on. Timers are in the hand of the test. */
async function thenHanging(fetchToken?: FetchToken) {
  jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] })
  const use = setUp(fetchToken)
  const token = await use.source.get()
  use.fetch.mockReturnValue(new Promise(() => undefined))
  return { ...use, token }
}

/** A fetch whose answers the test gives by hand: `fetches[0].resolve('token-1')`. */
function heldFetch() {
  const fetches: ReturnType<typeof deferred<TokenResult>>[] = []
  const fetchToken: FetchToken = () => {
    const fetch = deferred<TokenResult>()
    fetches.push(fetch)
    return fetch.promise
  }
  return { fetches, fetchToken }
}

const get = async (source: TokenSource): Promise<string> => (await source.get()).value

const failureOf = async (promise: Promise<unknown>): Promise<AuthError> => {
  const failure: unknown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  )
  expect(failure).toBeInstanceOf(AuthError)
  return failure as AuthError
}

const typesOf = (events: TokenEvent[]) => events.map(({ type }) => type)
const shown = (thing: unknown) =>
  `${inspect(thing, { showHidden: true, depth: null })} ${JSON.stringify(thing)}`

// Jest hides the events of the process from tests: only the real one tells of unhandled rejections.
const unhandled: unknown[] = []
const onUnhandled = (reason: unknown) => void unhandled.push(reason)
let realProcess: NodeJS.Process

beforeAll(async () => {
  realProcess = (await nativeImport<{ default: NodeJS.Process }>('node:process')).default
  realProcess.on('unhandledRejection', onUnhandled)
})
afterEach(async () => {
  jest.useRealTimers()
  await turn()
  await turn()
  expect(unhandled.splice(0)).toEqual([])
})
afterAll(() => {
  realProcess.off('unhandledRejection', onUnhandled)
})

describe('the first token', () => {
  test('is not fetched before anybody wants it', async () => {
    const { source, fetch, events } = setUp()
    await turn()
    expect(source.current()).toBeUndefined()
    expect(source.inspect()).toMatchObject([{ state: 'none', isFetching: false }])
    expect(fetch).not.toHaveBeenCalled()
    expect(events).toEqual([])
  })

  test('is fetched once for a thousand who want it at the same time', async () => {
    const { source, fetch } = setUp()
    const tokens = await Promise.all(Array.from({ length: 1000 }, () => source.get()))
    expect(new Set(tokens).size).toBe(1)
    expect(fetch).toHaveBeenCalledTimes(1)
  })

  test('is shared with those who come while it is fetched', async () => {
    const { fetches, fetchToken } = heldFetch()
    const { source } = setUp(fetchToken)
    const first = get(source)
    await turn()
    const second = get(source)
    fetches[0]?.resolve('token-1')
    expect(await Promise.all([first, second])).toEqual(['token-1', 'token-1'])
    expect(fetches).toHaveLength(1)
  })

  test('may come without a promise', async () => {
    const { source } = setUp(() => 'token-1')
    expect(await get(source)).toBe('token-1')
  })

  test('may come from a promise of another realm', async () => {
    const foreign = runInContext('Promise.resolve("token-1")', createContext()) as Promise<string>
    const { source } = setUp(() => foreign)
    expect(await get(source)).toBe('token-1')
  })

  test('is told why it is fetched, what it replaces and how it is stopped', async () => {
    const { source, fetch, pass } = setUp()
    const first = await source.get()
    pass(600 * SECOND)
    await source.get()
    const [[cold], [expired]] = fetch.mock.calls as [[FetchContext], [FetchContext]]
    expect(cold).toMatchObject({ reason: 'cold', previous: undefined, key: '' })
    expect(expired).toMatchObject({ reason: 'expired', key: '' })
    expect(expired.previous).toBe(first)
    expect(source.isFetch(cold.signal)).toBe(true)
    expect(cold.signal.aborted).toBe(false)
  })

  test('that is over when it comes is given to those who waited, and fetched anew for the next', async () => {
    const { source, fetch } = setUp(() => ({ access_token: 'short', expires_in: 0 }))
    expect(await Promise.all([get(source), get(source)])).toEqual(['short', 'short'])
    expect(source.current()).toBeUndefined()
    await source.get()
    expect(fetch).toHaveBeenCalledTimes(2)
  })

  test('holds what else came with it', async () => {
    const { source } = setUp(() => ({ value: 'a', expiresIn: 60, xsrf: 'b' }))
    const token = await source.get()
    expect(token).toMatchObject({ value: 'a', serial: 1, expiresAt: START + MINUTE, extra: { xsrf: 'b' } })
  })
})

describe('memory', () => {
  test('holds a token without a promise until its renewal is due', async () => {
    const { source, fetch, pass } = setUp()
    const token = await source.get()
    pass(DUE - 1)
    expect(source.current()).toBe(token)
    expect(await source.get()).toBe(token)
    expect(source.inspect()).toMatchObject([{ state: 'fresh', token: 1, expiresAt: START + 600 * SECOND }])
    expect(fetch).toHaveBeenCalledTimes(1)
  })

  test('holds a token without a life until it is refused', async () => {
    const { source, fetch, pass } = setUp(() => 'endless')
    const token = await source.get()
    pass(1000 * 24 * 60 * MINUTE)
    expect(source.current()).toBe(token)
    expect(token.expiresAt).toBeUndefined()
    expect(fetch).toHaveBeenCalledTimes(1)
  })

  test('does not tell of an end beyond what a date can hold', async () => {
    const { source } = setUp(() => ({ access_token: 'a', expires_in: 1e300 }))
    expect((await source.get()).expiresAt).toBeUndefined()
    expect(source.inspect()).toMatchObject([{ state: 'fresh' }])
  })

  test('obeys leeway and renewAhead', async () => {
    const { source, fetch, pass } = setUp(undefined, { leeway: 100 * SECOND, renewAhead: 200 * SECOND })
    await source.get()
    pass(400 * SECOND - 1)
    expect(source.inspect()).toMatchObject([{ state: 'fresh' }])
    pass(1)
    expect(source.inspect()).toMatchObject([{ state: 'stale' }])
    pass(100 * SECOND)
    expect(source.inspect()).toMatchObject([{ state: 'expired' }])
    expect(fetch).toHaveBeenCalledTimes(1)
  })

  test('obeys the wish of the issuer', async () => {
    const { source, pass } = setUp(() => ({ ...answer('a'), refresh_in: 60 }))
    await source.get()
    pass(MINUTE - 1)
    expect(source.inspect()).toMatchObject([{ state: 'fresh' }])
    pass(1)
    expect(source.inspect()).toMatchObject([{ state: 'stale' }])
  })

  test('is not shared by two sources of the same fetch', async () => {
    const { source, fetch, now } = setUp()
    const other = tokenSource(fetch, { now })
    expect(await Promise.all([get(source), get(other)])).toEqual(['token-1', 'token-2'])
    const token = source.current() as AccessToken
    expect(other.reject(token)).toBe(true)
    other.clear()
    expect(source.current()).toBe(token)
  })

  test('keeps no trace of a look at it', () => {
    const { source, fetch } = setUp()
    for (let look = 0; look < 3; look += 1) source.inspect()
    expect(fetch).not.toHaveBeenCalled()
  })
})

describe('the life of a token', () => {
  test('is counted from before it was asked for', async () => {
    const { fetches, fetchToken } = heldFetch()
    const { source, pass } = setUp(fetchToken)
    const waiting = source.get()
    pass(100 * SECOND)
    fetches[0]?.resolve(answer('token-1'))
    expect((await waiting).expiresAt).toBe(START + 600 * SECOND)
    pass(DUE - 100 * SECOND - 1)
    expect(source.inspect()).toMatchObject([{ state: 'fresh' }])
    pass(1)
    expect(source.inspect()).toMatchObject([{ state: 'stale' }])
  })

  test('is not made longer by a clock that is turned back', async () => {
    const { source, fetch, pass } = setUp()
    await source.get()
    pass(300 * SECOND)
    source.current()
    pass(-24 * 60 * MINUTE)
    expect(source.inspect()).toMatchObject([{ state: 'fresh' }])
    pass(EXPIRED - 300 * SECOND)
    expect(source.inspect()).toMatchObject([{ state: 'expired' }])
    expect(await get(source)).toBe('token-2')
    expect(fetch).toHaveBeenCalledTimes(2)
  })

  test('is over after the clock jumped forward', async () => {
    const { source, pass } = setUp()
    await source.get()
    pass(24 * 60 * MINUTE)
    expect(source.current()).toBeUndefined()
    expect(await get(source)).toBe('token-2')
  })

  test('of one second works for a hundred, with one fetch each', async () => {
    const { source, fetch, pass, events } = setUp(() => ({ access_token: 'short', expires_in: 1 }))
    for (let second = 0; second < 100; second += 1) {
      expect(await Promise.all([get(source), get(source)])).toEqual(['short', 'short'])
      pass(SECOND)
    }
    expect(fetch).toHaveBeenCalledTimes(100)
    expect(typesOf(events)).not.toContain('throttled')
  })

  test('of two seconds is renewed behind the requests, again and again', async () => {
    const { source, fetch, pass, events } = setUp(() => ({ access_token: 'short', expires_in: 2 }))
    await source.get()
    for (let renewal = 0; renewal < 100; renewal += 1) {
      pass(1500)
      expect(source.current()).toBeDefined()
      await turn()
    }
    expect(fetch).toHaveBeenCalledTimes(101)
    expect(typesOf(events)).not.toContain('throttled')
  })
})

describe('a stale token', () => {
  test('is served at once, with one renewal behind it', async () => {
    const { fetches, fetchToken } = heldFetch()
    const { source, fetch, pass } = setUp(fetchToken)
    const first = source.get()
    fetches[0]?.resolve(answer('token-1'))
    const token = await first
    pass(DUE)
    for (let request = 0; request < 1000; request += 1) expect(source.current()).toBe(token)
    expect(await source.get()).toBe(token)
    expect(fetches).toHaveLength(2)
    expect(fetch.mock.lastCall?.[0]).toMatchObject({ reason: 'stale', previous: token })
    expect(source.inspect()).toMatchObject([{ state: 'stale', isFetching: true }])

    fetches[1]?.resolve(answer('token-2'))
    await turn()
    expect(source.current()?.value).toBe('token-2')
    expect(source.inspect()).toMatchObject([{ state: 'fresh', isFetching: false, token: 2 }])
  })

  test('is served on while its renewal fails, silently but for an event', async () => {
    const { source, fetch, events, pass } = setUp()
    const token = await source.get()
    fetch.mockRejectedValue(new Error('down'))
    pass(DUE)
    expect(source.current()).toBe(token)
    await turn()
    expect(source.current()).toBe(token)
    expect(await source.get()).toBe(token)
    expect(events.at(-1)).toMatchObject({
      type: 'failed',
      reason: 'stale',
      code: 'ERR_AUTH_TOKEN_REQUEST',
      isServing: true,
    })
  })

  test('is served to its very end while its renewal fails, without waiting', async () => {
    const { source, fetch, events, pass } = setUp()
    const token = await source.get()
    fetch.mockRejectedValue(new Error('down'))
    pass(DUE)
    source.current()
    await turn()
    pass(EXPIRED - DUE)
    expect(source.current()).toBe(token)
    expect(source.inspect()).toMatchObject([{ state: 'stale' }])
    await turn()
    expect(events.at(-1)).toMatchObject({ type: 'failed', isServing: true })
    pass(END - EXPIRED - 1)
    expect(source.current()).toBe(token)
    pass(1)
    expect(source.current()).toBeUndefined()
    expect((await failureOf(source.get())).message).toContain('down')
  })

  test('is served to its very end while the issuer hangs: who waits for it waits three seconds', async () => {
    const { source, fetch, pass, token } = await thenHanging()
    pass(EXPIRED)
    const served = jest.fn()
    void source.get().then(served)
    await jest.advanceTimersByTimeAsync(2999)
    expect(source.current()).toBeUndefined()
    expect(served).not.toHaveBeenCalled()
    await jest.advanceTimersByTimeAsync(1)
    expect(served).toHaveBeenCalledWith(token)
    expect(source.current()).toBe(token)
    expect(source.inspect()).toMatchObject([{ state: 'stale', isFetching: true }])
    pass(END - EXPIRED - 1)
    expect(source.current()).toBe(token)
    pass(1)
    expect(source.current()).toBeUndefined()
    expect(fetch).toHaveBeenCalledTimes(2)
    source.clear()
  })

  test('of ten seconds leaves its issuer half a second of its last one', async () => {
    const { source, pass, token } = await thenHanging(() => ({ value: 'token', expiresIn: 10 }))
    pass(9 * SECOND)
    const served = source.get()
    await jest.advanceTimersByTimeAsync(499)
    expect(source.current()).toBeUndefined()
    await jest.advanceTimersByTimeAsync(1)
    expect(await served).toBe(token)
    source.clear()
  })

  test('of a renewal that hangs as the token comes to its end nobody waits at all', async () => {
    const { source, pass, token } = await thenHanging()
    pass(DUE)
    source.current()
    await jest.advanceTimersByTimeAsync(3000)
    pass(EXPIRED - DUE)
    expect(source.current()).toBe(token)
    source.clear()
  })

  test('that is over is waited for, however long the issuer takes', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] })
    const { fetches, fetchToken } = heldFetch()
    const { source, pass } = setUp(fetchToken)
    const first = source.get()
    fetches[0]?.resolve(answer('token-1'))
    await first
    pass(EXPIRED)
    const waiting = get(source)
    pass(END - EXPIRED)
    await jest.advanceTimersByTimeAsync(10_000)
    fetches[1]?.resolve(answer('token-2'))
    expect(await waiting).toBe('token-2')
  })

  test('that is fresh serves on when a renewal by hand fails', async () => {
    const { source, fetch, events } = setUp()
    await source.get()
    fetch.mockRejectedValueOnce(new Error('down'))
    await failureOf(source.renew())
    expect(events.at(-1)).toMatchObject({ type: 'failed', reason: 'manual', isServing: true })
  })

  test('is served on when its renewal throws, gives rubbish or takes too long', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] })
    const { source, fetch, events, pass } = setUp(undefined, { timeout: SECOND })
    const token = await source.get()
    pass(DUE)
    const bad: FetchToken[] = [
      () => {
        throw new Error('at once')
      },
      () => ({ access_token: '' }),
      () => new Promise(() => undefined),
    ]
    for (const fetchToken of bad) {
      fetch.mockImplementation(fetchToken)
      expect(source.current()).toBe(token)
      await jest.advanceTimersByTimeAsync(SECOND)
      expect(source.current()).toBe(token)
      pass(10 * SECOND)
    }
    const codes = events.flatMap((event) => (event.type === 'failed' ? event.code : []))
    expect(codes).toEqual(['ERR_AUTH_TOKEN_REQUEST', 'ERR_AUTH_TOKEN_RESPONSE', 'ERR_AUTH_TOKEN_TIMEOUT'])
  })

  test('is not renewed again before the pause is over, which doubles', async () => {
    const { source, fetch, pass } = setUp()
    await source.get()
    fetch.mockRejectedValue(new Error('down'))
    pass(DUE)
    let tries = 1
    for (const pause of [1, 2, 4]) {
      source.current()
      await turn()
      tries += 1
      expect(fetch).toHaveBeenCalledTimes(tries)
      pass(pause * SECOND - 1)
      source.current()
      await turn()
      expect(fetch).toHaveBeenCalledTimes(tries)
      pass(1)
    }
  })

  test('begins with the first pause again once a renewal went well', async () => {
    const { source, fetch, pass } = setUp()
    await source.get()
    fetch.mockRejectedValueOnce(new Error('down')).mockRejectedValueOnce(new Error('down'))
    pass(DUE)
    for (const pause of [1, 2, 0]) {
      source.current()
      await turn()
      pass(pause * SECOND)
    }
    expect(source.current()?.value).toBe('token-2')
    pass(DUE)
    fetch.mockRejectedValueOnce(new Error('down'))
    source.current()
    await turn()
    pass(SECOND)
    source.current()
    await turn()
    expect(source.current()?.value).toBe('token-3')
  })

  test('waits with its renewal as long as Retry-After says', async () => {
    const { source, fetch, pass } = setUp()
    await source.get()
    fetch.mockRejectedValueOnce(refusal(503, { 'retry-after': '20' }))
    pass(DUE)
    source.current()
    await turn()
    pass(20 * SECOND - 1)
    source.current()
    await turn()
    expect(fetch).toHaveBeenCalledTimes(2)
    pass(1)
    source.current()
    await turn()
    expect(source.current()?.value).toBe('token-2')
  })

  test('that expires during its renewal makes the next request wait for that renewal', async () => {
    const { fetches, fetchToken } = heldFetch()
    const { source, pass } = setUp(fetchToken)
    const first = source.get()
    fetches[0]?.resolve(answer('token-1'))
    await first
    pass(DUE)
    source.current()
    pass(EXPIRED - DUE)
    const waiting = get(source)
    await turn()
    expect(fetches).toHaveLength(2)
    fetches[1]?.resolve(answer('token-2'))
    expect(await waiting).toBe('token-2')
  })
})

describe('a token that counts as expired', () => {
  /** One that is expired, and a fetch that `fetches[1]` answers. */
  async function setUpExpired() {
    const { fetches, fetchToken } = heldFetch()
    const world = setUp(fetchToken)
    const first = world.source.get()
    fetches[0]?.resolve(answer('token-1'))
    const token = await first
    world.pass(EXPIRED)
    return { ...world, fetches, token }
  }

  test('serves those who waited in vain for another, as long as it is not over', async () => {
    const { source, fetches, token } = await setUpExpired()
    expect(source.current()).toBeUndefined()
    const both = Promise.all([source.get(), source.get()])
    fetches[1]?.reject(new Error('down'))
    expect(await both).toEqual([token, token])
  })

  test('serves nobody when it is over by the time that the fetch has failed', async () => {
    const { source, fetches, pass } = await setUpExpired()
    const waiting = source.get()
    pass(END - EXPIRED)
    fetches[1]?.reject(new Error('down'))
    expect((await failureOf(waiting)).message).toContain('down')
  })

  test('is no answer to renew(), which wants a new one', async () => {
    const { source, fetches } = await setUpExpired()
    const renewal = source.renew()
    fetches[1]?.reject(new Error('down'))
    expect((await failureOf(renewal)).message).toContain('down')
  })

  test('is not served after clear()', async () => {
    const { source, fetches } = await setUpExpired()
    const waiting = source.get()
    source.clear()
    fetches[1]?.reject(new Error('down'))
    expect((await failureOf(waiting)).code).toBe('ERR_AUTH_TOKEN_CLEARED')
  })
})

test('an expired token is not served: whoever wants one waits', async () => {
  const { fetches, fetchToken } = heldFetch()
  const { source, pass } = setUp(fetchToken)
  const first = source.get()
  fetches[0]?.resolve(answer('token-1'))
  await first
  pass(EXPIRED)
  expect(source.current()).toBeUndefined()
  const arrived = jest.fn()
  const waiting = Promise.all(Array.from({ length: 10 }, () => get(source).finally(arrived)))
  await turn()
  expect(arrived).not.toHaveBeenCalled()
  fetches[1]?.resolve(answer('token-2'))
  expect(new Set(await waiting)).toEqual(new Set(['token-2']))
  expect(fetches).toHaveLength(2)
})

describe('reject', () => {
  test('drops the token that is held, and the next one is fetched for that reason', async () => {
    const { source, fetch } = setUp()
    const token = await source.get()
    expect(source.reject(token)).toBe(true)
    expect(source.current()).toBeUndefined()
    expect(await get(source)).toBe('token-2')
    expect(fetch.mock.lastCall?.[0]).toMatchObject({ reason: 'rejected', previous: token })
  })

  test('of an older token drops nothing, but says that there is a newer one', async () => {
    const { source, fetch, events } = setUp()
    const old = await source.get()
    source.reject(old)
    const held = await source.get()
    expect(source.reject(old)).toBe(true)
    expect(source.current()).toBe(held)
    expect(fetch).toHaveBeenCalledTimes(2)
    expect(typesOf(events).filter((type) => type === 'rejected')).toHaveLength(1)
  })

  test('of older tokens costs nothing', async () => {
    const { source } = setUp()
    const old = await source.get()
    source.reject(old)
    await source.get()
    for (let straggler = 0; straggler < 100; straggler += 1) expect(source.reject(old)).toBe(true)
    const held = source.current() as AccessToken
    expect(source.reject(held)).toBe(true)
    expect(await get(source)).toBe('token-3')
  })

  test('during its renewal joins that renewal', async () => {
    const { fetches, fetchToken } = heldFetch()
    const { source, pass } = setUp(fetchToken)
    const first = source.get()
    fetches[0]?.resolve(answer('token-1'))
    const token = await first
    pass(DUE)
    source.current()
    expect(source.reject(token)).toBe(true)
    expect(source.current()).toBeUndefined()
    const waiting = get(source)
    fetches[1]?.resolve(answer('token-2'))
    expect(await waiting).toBe('token-2')
    expect(fetches).toHaveLength(2)
  })

  test('goes by the token itself, not by its text', async () => {
    const { source, fetch } = setUp(() => 'always-the-same')
    const old = await source.get()
    source.reject(old)
    const held = await source.get()
    expect(source.reject(old)).toBe(true)
    expect(source.current()).toBe(held)
    expect(fetch).toHaveBeenCalledTimes(2)
  })

  test('by a hundred requests at the same time is one fetch', async () => {
    const { source, fetch } = setUp()
    const token = await source.get()
    const replayed = Array.from({ length: 100 }, () => {
      expect(source.reject(token)).toBe(true)
      return get(source)
    })
    expect(new Set(await Promise.all(replayed))).toEqual(new Set(['token-2']))
    expect(fetch).toHaveBeenCalledTimes(2)
  })

  test('beyond the budget is refused and keeps the token', async () => {
    const { source, fetch } = setUp()
    let token = await source.get()
    let rejected = 0
    while (source.reject(token) && rejected < 100) {
      rejected += 1
      token = await source.get().catch(() => token)
      if (source.current() === undefined) break
    }
    const held = source.current()
    expect(held).toBeDefined()
    expect(source.reject(held as AccessToken)).toBe(false)
    expect(source.current()).toBe(held)
    expect(rejected).toBeLessThanOrEqual(5)
    expect(fetch.mock.calls.length).toBeLessThanOrEqual(6)
  })

  test('beyond the budget is told of, with the time until another token may be asked for', async () => {
    const { source, events, pass } = setUp()
    for (let refusal = 0; refusal < 4; refusal += 1) {
      source.reject(await source.get())
      pass(SECOND)
    }
    const kept = await source.get()
    expect(source.reject(kept)).toBe(false)
    expect(events.at(-1)).toEqual({ type: 'throttled', key: '', retryIn: 26 * SECOND })
    pass(26 * SECOND)
    expect(source.reject(kept)).toBe(true)
    expect(events.at(-1)).toMatchObject({ type: 'rejected' })
  })

  test('never takes away a token that cannot be replaced', async () => {
    const { source } = setUp()
    let token = await source.get()
    for (let refusal = 0; refusal < 10; refusal += 1) {
      if (!source.reject(token)) break
      token = await source.get()
    }
    expect(source.current()).toBe(token)
  })

  test('is refused while the issuer wants no fetch: a new token would not be asked for', async () => {
    const { source, fetch, events, pass } = setUp()
    const token = await source.get()
    fetch.mockRejectedValueOnce(refusal(429, { 'retry-after': '60' }))
    pass(DUE)
    source.current()
    await turn()
    expect(source.reject(token)).toBe(false)
    expect(events.at(-1)).toEqual({ type: 'throttled', key: '', retryIn: 60 * SECOND })
    expect(source.current()).toBe(token)
  })

  test('is possible again when the budget has grown back', async () => {
    const { source, pass } = setUp()
    let token = await source.get()
    for (let refusal = 0; refusal < 10 && source.reject(token); refusal += 1) {
      token = await source.get().catch(() => token)
    }
    pass(30 * SECOND)
    token = await source.get()
    expect(source.reject(token)).toBe(true)
    expect(await source.get()).not.toBe(token)
  })
})

/** As axios rejects for a refused token request. */
function refusal(status: number, headers: Record<string, unknown> = {}, data: unknown = ''): Error {
  return Object.assign(new Error(`Request failed with status code ${status}`), {
    response: { status, headers, data },
  })
}

describe('a fetch that fails', () => {
  test('fails for all who wait, and the next who comes tries again', async () => {
    const { fetches, fetchToken } = heldFetch()
    const { source, events } = setUp(fetchToken)
    const waiting = Promise.allSettled(Array.from({ length: 10 }, () => get(source)))
    fetches[0]?.reject(new Error('down'))
    const results = await waiting
    for (const result of results) {
      expect(result).toMatchObject({ status: 'rejected', reason: { code: 'ERR_AUTH_TOKEN_REQUEST' } })
    }
    expect(fetches).toHaveLength(1)
    expect(events.at(-1)).toMatchObject({ type: 'failed', reason: 'cold', isServing: false })

    const next = get(source)
    fetches[1]?.resolve('token-1')
    expect(await next).toBe('token-1')
  })

  test('has the failure as its cause', async () => {
    const { source } = setUp(() =>
      Promise.reject(Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' })),
    )
    const failure = await failureOf(source.get())
    expect(failure.message).toContain('getaddrinfo ENOTFOUND')
    expect(failure.cause).toMatchObject({
      name: 'Error',
      message: 'getaddrinfo ENOTFOUND',
      code: 'ENOTFOUND',
    })
  })

  test('because it throws at once is a rejection', async () => {
    const { source } = setUp(() => {
      throw new Error('at once')
    })
    expect(await failureOf(source.get())).toMatchObject({ code: 'ERR_AUTH_TOKEN_REQUEST' })
  })

  test.each<[what: string, reason: unknown]>([
    ['a text', 'tok-secret'],
    ['undefined', undefined],
    ['null', null],
    ['a number', 5],
    ['an object', { token: 'tok-secret' }],
    ['a symbol', Symbol('tok-secret')],
    ['a function', () => 'tok-secret'],
    ['an object without a prototype', Object.assign(Object.create(null), { token: 'tok-secret' })],
  ])('with %s for a reason is an AuthError that does not show it', async (_, reason) => {
    const { source } = setUp(() => Promise.reject(reason))
    const failure = await failureOf(source.get())
    expect(failure.code).toBe('ERR_AUTH_TOKEN_REQUEST')
    expect(shown(failure) + shown(failure.cause)).not.toContain('tok-secret')
  })

  test('with an error of another realm keeps its message', async () => {
    const foreign: unknown = runInContext('new TypeError("from elsewhere")', createContext())
    const { source } = setUp(() => Promise.reject(foreign))
    expect((await failureOf(source.get())).message).toContain('from elsewhere')
  })

  test('with an error that is its own cause is an AuthError like any other', async () => {
    const error = new Error('round and round')
    error.cause = error
    const { source } = setUp(() => Promise.reject(error))
    expect(await failureOf(source.get())).toMatchObject({ code: 'ERR_AUTH_TOKEN_REQUEST' })
  })

  // The message of JSON.parse quotes what it could not read.
  test('because an answer was no JSON does not show that answer', async () => {
    const { source } = setUp(() => JSON.parse('tok-secret') as string)
    const failure = await failureOf(source.get())
    expect(shown(failure) + shown(failure.cause)).not.toContain('tok-s')
  })

  test.each([undefined, null, 42, [], {}])(
    'to give a token but gives %p is a malformed response',
    async (result) => {
      const { source, fetch } = setUp(() => result as unknown as TokenResult)
      expect(await failureOf(source.get())).toMatchObject({ code: 'ERR_AUTH_TOKEN_RESPONSE' })
      expect(await failureOf(source.get())).toMatchObject({ code: 'ERR_AUTH_TOKEN_RESPONSE' })
      expect(fetch).toHaveBeenCalledTimes(2)
    },
  )

  test('tells what the issuer said', async () => {
    const body = {
      error: 'invalid_client',
      error_description: 'No such client',
      error_uri: 'https://as.example/e',
    }
    const { source } = setUp(() => Promise.reject(refusal(401, {}, body)))
    expect(await failureOf(source.get())).toMatchObject({
      code: 'ERR_AUTH_TOKEN_REQUEST',
      status: 401,
      ...body,
    })
  })
})

describe('a fetch that takes too long', () => {
  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] })
  })

  test('fails with an error that names the usual causes, and is told to stop', async () => {
    const { source, fetch } = setUp(() => new Promise(() => undefined), { timeout: 20 })
    const failing = Promise.all([failureOf(source.get()), failureOf(source.get())])
    await jest.advanceTimersByTimeAsync(19)
    expect(fetch.mock.lastCall?.[0].signal.aborted).toBe(false)
    await jest.advanceTimersByTimeAsync(1)
    const [failure] = await failing
    expect(failure.code).toBe('ERR_AUTH_TOKEN_TIMEOUT')
    expect(failure.message).toMatch(/within 20 ms.*does not answer.*waits for itself/)
    expect(fetch.mock.lastCall?.[0].signal.aborted).toBe(true)
  })

  test('takes 30 s at most where nothing else was said', async () => {
    const { source } = setUp(() => new Promise(() => undefined))
    const failing = failureOf(source.get())
    await jest.advanceTimersByTimeAsync(29_999)
    expect(source.inspect()).toMatchObject([{ isFetching: true }])
    await jest.advanceTimersByTimeAsync(1)
    expect((await failing).code).toBe('ERR_AUTH_TOKEN_TIMEOUT')
  })

  test('brings nothing when it comes late', async () => {
    const { fetches, fetchToken } = heldFetch()
    const { source } = setUp(fetchToken, { timeout: 20 })
    const failing = failureOf(source.get())
    await jest.advanceTimersByTimeAsync(20)
    await failing
    fetches[0]?.resolve('late')
    await jest.advanceTimersByTimeAsync(0)
    expect(source.current()).toBeUndefined()
    const next = get(source)
    fetches[1]?.resolve('token-1')
    expect(await next).toBe('token-1')
  })

  test('is no unhandled rejection when it fails late', async () => {
    const { fetches, fetchToken } = heldFetch()
    const { source } = setUp(fetchToken, { timeout: 20 })
    const failing = failureOf(source.get())
    await jest.advanceTimersByTimeAsync(20)
    await failing
    fetches[0]?.reject(new Error('late'))
    await turn()
  })

  test('leaves no timer behind when it was quick', async () => {
    const { source, fetch } = setUp()
    await source.get()
    fetch.mockRejectedValueOnce(new Error('down'))
    source.clear()
    await failureOf(source.get())
    expect(jest.getTimerCount()).toBe(0)
  })
})

describe('a fetch that asks its own source', () => {
  // Synchronous interceptors of axios lead from `api.get` to the source in the same turn.
  test('at once waits for itself, until the timeout says so', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] })
    let calls = 0
    const source: TokenSource = tokenSource(
      () => {
        calls += 1
        // Ends what would otherwise go on until the stack is full.
        return calls > 50 ? 'too many' : source.get().then(({ value }) => value)
      },
      { timeout: 20 },
    )
    const failing = failureOf(source.get())
    await jest.advanceTimersByTimeAsync(20)
    expect((await failing).code).toBe('ERR_AUTH_TOKEN_TIMEOUT')
    expect(calls).toBe(1)
  })

  test('at once for the token that it renews gets that token', async () => {
    let calls = 0
    const { source, pass } = setUp(() => {
      calls += 1
      return answer(calls === 1 || calls > 50 ? 'token-1' : `renewed-${source.current()?.value}`)
    })
    const token = await source.get()
    pass(DUE)
    expect(source.current()).toBe(token)
    await turn()
    expect(calls).toBe(2)
    expect(source.current()?.value).toBe('renewed-token-1')
  })

  test('after a while waits for itself, until the timeout says so', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] })
    const fetch = jest.fn(async (): Promise<string> => {
      await Promise.resolve()
      return (await source.get()).value
    })
    const source: TokenSource = tokenSource(fetch, { timeout: 20 })
    const failing = failureOf(source.get())
    await jest.advanceTimersByTimeAsync(20)
    expect((await failing).code).toBe('ERR_AUTH_TOKEN_TIMEOUT')
    expect(fetch).toHaveBeenCalledTimes(1)
  })
})

describe('the budget', () => {
  async function fail(source: TokenSource, times: number): Promise<void> {
    for (let failure = 0; failure < times; failure += 1) await failureOf(source.get())
  }

  test('lets three failures follow each other and then fails at once, with the last of them as the cause', async () => {
    const { source, fetch, events } = setUp(() => Promise.reject(refusal(500)))
    await fail(source, 3)
    expect(fetch).toHaveBeenCalledTimes(3)
    const failure = await failureOf(source.get())
    expect(failure).toMatchObject({
      code: 'ERR_AUTH_TOKEN_THROTTLED',
      retryAfter: 2 * SECOND,
      message:
        'Tokens could not be fetched too often lately: no token is asked for within the next 2000 ms; the last failure: The token request failed with status 500',
    })
    expect(failure.cause).toMatchObject({ code: 'ERR_AUTH_TOKEN_REQUEST', status: 500 })
    expect(fetch).toHaveBeenCalledTimes(3)
    expect(events.at(-1)).toMatchObject({ type: 'throttled', key: '', retryIn: 2 * SECOND })
    expect(source.inspect()).toMatchObject([{ retryIn: 2 * SECOND }])
  })

  test('is told to who waits though a token is held that is over', async () => {
    const { source, fetch, pass } = setUp()
    await source.get()
    fetch.mockImplementation(() => Promise.reject(refusal(500)))
    pass(END)
    await fail(source, 3)
    expect(await failureOf(source.get())).toMatchObject({ code: 'ERR_AUTH_TOKEN_THROTTLED' })
  })

  test('leaves a fresh token fresh', async () => {
    const { source, fetch } = setUp()
    await source.get()
    fetch.mockRejectedValueOnce(refusal(500))
    await failureOf(source.renew())
    expect(source.inspect()).toMatchObject([{ state: 'fresh' }])
  })

  test('tells whole milliseconds, after which a try is let through', async () => {
    const { source, events, pass } = setUp(() => Promise.reject(refusal(500)))
    await fail(source, 3)
    pass(0.7)
    expect(await failureOf(source.get())).toMatchObject({ retryAfter: 2000 })
    expect(events.at(-1)).toMatchObject({ retryIn: 2000 })
    expect(source.inspect()).toMatchObject([{ retryIn: 2000 }])
  })

  test('lets the fourth try through after 2 s, and then one every 6 s', async () => {
    const { source, fetch, pass } = setUp(() => Promise.reject(refusal(500)))
    await fail(source, 3)
    for (const [tries, gap] of [2 * SECOND, 6 * SECOND, 6 * SECOND].entries()) {
      pass(gap - 1)
      expect(await failureOf(source.get())).toMatchObject({ code: 'ERR_AUTH_TOKEN_THROTTLED', retryAfter: 1 })
      pass(1)
      expect(await failureOf(source.get())).toMatchObject({ code: 'ERR_AUTH_TOKEN_REQUEST' })
      expect(fetch).toHaveBeenCalledTimes(3 + 1 + tries)
    }
    pass(6 * SECOND)
    fetch.mockResolvedValueOnce('token-1')
    expect(await get(source)).toBe('token-1')
    expect(source.inspect()).toMatchObject([{ retryIn: 0 }])
  })

  test('is spent once, however many wait for a failing fetch', async () => {
    const { source, fetch } = setUp(() => Promise.reject(refusal(500)))
    await Promise.allSettled(Array.from({ length: 100 }, () => source.get()))
    await fail(source, 3)
    expect(fetch).toHaveBeenCalledTimes(3)
  })

  test('holds back a renewal by hand, too', async () => {
    const { source, fetch } = setUp(() => Promise.reject(refusal(500)))
    await fail(source, 3)
    expect(await failureOf(source.renew())).toMatchObject({ code: 'ERR_AUTH_TOKEN_THROTTLED' })
    expect(fetch).toHaveBeenCalledTimes(3)
  })

  test('is kept for each key', async () => {
    const { source, fetch } = setUp(({ key }) => (key === 'bad' ? Promise.reject(refusal(500)) : 'token'), {
      key: ({ url }) => url ?? '',
    })
    for (let failure = 0; failure < 4; failure += 1) await failureOf(source.get({ url: 'bad' }))
    expect(fetch).toHaveBeenCalledTimes(3)
    expect((await source.get({ url: 'good' })).value).toBe('token')
  })

  test('is not spent by a clear while a fetch is in flight', async () => {
    const { source, fetch } = setUp(() => new Promise(() => undefined))
    for (let round = 0; round < 10; round += 1) {
      const failing = failureOf(source.get())
      source.clear()
      expect((await failing).code).toBe('ERR_AUTH_TOKEN_CLEARED')
    }
    expect(fetch).toHaveBeenCalledTimes(10)
  })
})

describe('Retry-After', () => {
  const DATE = 'Tue, 01 Jan 2030 00:00:00 GMT'

  test.each<[what: string, headers: Record<string, unknown>, seconds: number]>([
    ['seconds', { 'retry-after': '20' }, 20],
    [
      'a date, against the date of the answer',
      { 'retry-after': 'Tue, 01 Jan 2030 00:00:45 GMT', date: DATE },
      45,
    ],
    [
      'a clock of the issuer that is wrong',
      { 'retry-after': 'Thu, 01 Jan 2015 00:00:07 GMT', date: 'Thu, 01 Jan 2015 00:00:00 GMT' },
      7,
    ],
    ['more than an hour', { 'retry-after': '1000000' }, 3600],
    [
      'a date without that of the answer, against the clock of the source',
      { 'retry-after': 'Tue, 01 Jan 2030 00:00:45 GMT' },
      45,
    ],
    ['a header in capitals, as a mock may give it', { 'Retry-After': '20' }, 20],
  ])('with %s is honoured', async (_, headers, seconds) => {
    const { source, fetch, pass } = setUp(() => Promise.reject(refusal(429, headers)))
    expect(await failureOf(source.get())).toMatchObject({ status: 429, retryAfter: seconds * SECOND })
    pass(seconds * SECOND - 1)
    expect(await failureOf(source.get())).toMatchObject({ code: 'ERR_AUTH_TOKEN_THROTTLED', retryAfter: 1 })
    expect(fetch).toHaveBeenCalledTimes(1)
    pass(1)
    fetch.mockResolvedValueOnce('token-1')
    expect(await get(source)).toBe('token-1')
  })

  test.each<[what: string, headers: Record<string, unknown> | undefined]>([
    ['missing', {}],
    ['empty', { 'retry-after': '' }],
    ['a word', { 'retry-after': 'soon' }],
    ['a number and more', { 'retry-after': '20s' }],
    ['more and a number', { 'retry-after': 'in 20' }],
    ['0', { 'retry-after': '0' }],
    [
      'a date in the past',
      { 'retry-after': 'Tue, 01 Jan 2030 00:00:00 GMT', date: 'Tue, 01 Jan 2030 00:01:00 GMT' },
    ],
    ['in an answer without headers', undefined],
  ])('that is %s lets the next one try at once', async (_, headers) => {
    const { source, fetch } = setUp(() => Promise.reject(refusal(429, headers)))
    await failureOf(source.get())
    fetch.mockResolvedValueOnce('token-1')
    expect(await get(source)).toBe('token-1')
  })
})

describe('clear', () => {
  test('forgets the token', async () => {
    const { source, events } = setUp()
    await source.get()
    source.clear()
    expect(source.inspect()).toEqual([])
    expect(source.current()).toBeUndefined()
    expect(await get(source)).toBe('token-2')
    expect(typesOf(events)).toEqual(['fetching', 'fetched', 'cleared', 'fetching', 'fetched'])
  })

  test('fails for those who wait, and what they waited for is not held', async () => {
    const { fetches, fetchToken } = heldFetch()
    const { source, fetch, events } = setUp(fetchToken)
    const waiting = Promise.all([failureOf(source.get()), failureOf(source.get())])
    source.clear()
    const failures = await waiting
    expect(failures.map(({ code }) => code)).toEqual(['ERR_AUTH_TOKEN_CLEARED', 'ERR_AUTH_TOKEN_CLEARED'])
    expect(failures[0]?.message).toBe('The token source was cleared while this request waited for a token')
    expect(typesOf(events)).toEqual(['fetching', 'cleared'])
    expect(fetch.mock.lastCall?.[0].signal.aborted).toBe(true)

    fetches[0]?.resolve('of-the-last-user')
    await turn()
    expect(source.current()).toBeUndefined()
    const next = get(source)
    fetches[1]?.resolve('of-the-next-user')
    expect(await next).toBe('of-the-next-user')
    expect(source.current()?.value).toBe('of-the-next-user')
  })

  test('when the answer has just come still wins', async () => {
    const { fetches, fetchToken } = heldFetch()
    const { source } = setUp(fetchToken)
    const failing = failureOf(source.get())
    fetches[0]?.resolve('of-the-last-user')
    source.clear()
    expect((await failing).code).toBe('ERR_AUTH_TOKEN_CLEARED')
    expect(source.current()).toBeUndefined()
  })

  test('stops a renewal behind the requests, silently', async () => {
    const { fetches, fetchToken } = heldFetch()
    const { source, pass } = setUp(fetchToken)
    const first = source.get()
    fetches[0]?.resolve(answer('token-1'))
    await first
    pass(DUE)
    source.current()
    source.clear()
    fetches[1]?.resolve(answer('of-the-last-user'))
    await turn()
    expect(source.current()).toBeUndefined()
  })

  test('while a fetch of before still runs: the new one is not shared with it', async () => {
    const { fetches, fetchToken } = heldFetch()
    const { source } = setUp(fetchToken)
    const before = failureOf(source.get())
    source.clear()
    const after = get(source)
    expect(fetches).toHaveLength(2)
    fetches[1]?.resolve('of-the-next-user')
    fetches[0]?.resolve('of-the-last-user')
    expect(await after).toBe('of-the-next-user')
    await before
    expect(source.current()?.value).toBe('of-the-next-user')
  })

  test('twice, or of an empty source, does nothing', () => {
    const { source } = setUp()
    source.clear()
    source.clear()
    expect(source.inspect()).toEqual([])
  })

  test('lets those who were throttled try again', async () => {
    const { source, fetch } = setUp(() => Promise.reject(refusal(500)))
    for (let failure = 0; failure < 6; failure += 1) await failureOf(source.get())
    source.clear()
    fetch.mockResolvedValueOnce('of-the-next-user')
    expect(await get(source)).toBe('of-the-next-user')
  })

  test('a token of before is not the one that is held after', async () => {
    const { source } = setUp()
    const before = await source.get()
    source.clear()
    const after = await source.get()
    expect(source.reject(before)).toBe(true)
    expect(source.current()).toBe(after)
  })
})

describe('renew', () => {
  test('fetches a new token though one is held', async () => {
    const { source, fetch } = setUp()
    const held = await source.get()
    expect((await source.renew()).value).toBe('token-2')
    expect(source.current()?.value).toBe('token-2')
    expect(fetch.mock.lastCall?.[0]).toMatchObject({ reason: 'manual', previous: held })
  })

  test('leaves the held token in use meanwhile, and if it fails', async () => {
    const { source, fetch } = setUp()
    const held = await source.get()
    const { promise, reject } = deferred<TokenResult>()
    fetch.mockReturnValueOnce(promise)
    const failing = failureOf(source.renew())
    expect(source.current()).toBe(held)
    reject(new Error('down'))
    await failing
    expect(source.current()).toBe(held)
  })

  test('joins a fetch that is in flight', async () => {
    const { fetches, fetchToken } = heldFetch()
    const { source } = setUp(fetchToken)
    const both = Promise.all([source.get(), source.renew()])
    fetches[0]?.resolve('token-1')
    const [got, renewed] = await both
    expect(got).toBe(renewed)
    expect(fetches).toHaveLength(1)
  })
})

describe('waiting', () => {
  test('ends at once for one who aborts, and harms no other', async () => {
    const { fetches, fetchToken } = heldFetch()
    const { source, fetch } = setUp(fetchToken)
    const controller = new AbortController()
    const leaving = source.get({ signal: controller.signal })
    const staying = get(source)
    controller.abort()
    await expect(leaving).rejects.toMatchObject({ code: 'ERR_CANCELED' })
    expect(axios.isCancel(await leaving.catch((error: unknown) => error))).toBe(true)
    expect(fetch.mock.lastCall?.[0].signal.aborted).toBe(false)
    fetches[0]?.resolve('token-1')
    expect(await staying).toBe('token-1')
  })

  test('ends for one who cancels in the old way', async () => {
    const { fetches, fetchToken } = heldFetch()
    const { source } = setUp(fetchToken)
    const { token, cancel } = axios.CancelToken.source()
    const leaving = source.get({ cancelToken: token })
    const staying = get(source)
    cancel('enough')
    await expect(leaving).rejects.toMatchObject({ code: 'ERR_CANCELED', message: 'enough' })
    fetches[0]?.resolve('token-1')
    expect(await staying).toBe('token-1')
  })

  test('does not begin for one who has aborted before', async () => {
    const { source } = setUp()
    await expect(source.get({ signal: AbortSignal.abort() })).rejects.toMatchObject({ code: 'ERR_CANCELED' })
  })

  test('ends when the timeout of the request is over, and harms no other', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] })
    const { fetches, fetchToken } = heldFetch()
    const { source } = setUp(fetchToken)
    const leaving = expect(source.get({ timeout: 20 })).rejects.toMatchObject({
      code: 'ECONNABORTED',
      message: 'timeout of 20ms exceeded',
    })
    const staying = get(source)
    await jest.advanceTimersByTimeAsync(20)
    await leaving
    fetches[0]?.resolve('token-1')
    expect(await staying).toBe('token-1')
    expect(jest.getTimerCount()).toBe(0)
  })

  test('for a timeout of 0 has no end of its own', async () => {
    const { fetches, fetchToken } = heldFetch()
    const { source } = setUp(fetchToken)
    const waiting = source.get({ timeout: 0 })
    await turn()
    fetches[0]?.resolve('token-1')
    expect((await waiting).value).toBe('token-1')
  })

  test('ends for renew, too', async () => {
    const { fetchToken } = heldFetch()
    const { source } = setUp(fetchToken)
    const controller = new AbortController()
    const leaving = source.renew({ signal: controller.signal })
    controller.abort()
    await expect(leaving).rejects.toMatchObject({ code: 'ERR_CANCELED' })
    source.clear()
  })

  test('by all of them given up: the fetch goes on and its token is held', async () => {
    const { fetches, fetchToken } = heldFetch()
    const { source } = setUp(fetchToken)
    const controller = new AbortController()
    const leaving = Promise.allSettled([
      source.get({ signal: controller.signal }),
      source.get({ signal: controller.signal }),
    ])
    controller.abort()
    await leaving
    fetches[0]?.resolve('token-1')
    await turn()
    expect(source.current()?.value).toBe('token-1')
  })

  test('given up before a fetch fails is no unhandled rejection', async () => {
    const { fetches, fetchToken } = heldFetch()
    const { source } = setUp(fetchToken)
    const controller = new AbortController()
    const leaving = source.get({ signal: controller.signal }).catch(() => undefined)
    controller.abort()
    await leaving
    fetches[0]?.reject(new Error('down'))
    await turn()
  })

  test('leaves no listener on a signal that lives on', async () => {
    const { source } = setUp()
    const { signal } = new AbortController()
    const removed = jest.spyOn(signal, 'removeEventListener')
    const added = jest.spyOn(signal, 'addEventListener')
    await source.get({ signal })
    await turn()
    expect(removed.mock.calls.map(([type, listener]) => [type, listener])).toEqual(
      added.mock.calls.map(([type, listener]) => [type, listener]),
    )
  })
})

describe('key', () => {
  const keyed = (fetchToken: FetchToken, options: TokenSourceOptions = {}) =>
    setUp(fetchToken, { key: ({ url }) => url ?? '', ...options })

  test('holds a token for each', async () => {
    const { source, fetch } = keyed(({ key }) => answer(`token-of-${key}`))
    const [a, b] = [await source.get({ url: 'a' }), await source.get({ url: 'b' })]
    expect([a.value, b.value]).toEqual(['token-of-a', 'token-of-b'])
    expect(source.current({ url: 'a' })).toBe(a)
    expect(source.current({ url: 'b' })).toBe(b)
    expect(fetch).toHaveBeenCalledTimes(2)
    expect(source.inspect().map(({ key }) => key)).toEqual(['a', 'b'])
  })

  test('does not mix them up under load', async () => {
    const fetches = new Map<string, ReturnType<typeof deferred<TokenResult>>>()
    const { source, fetch } = keyed(({ key }) => {
      const fetching = deferred<TokenResult>()
      fetches.set(key, fetching)
      return fetching.promise
    })
    const keys = Array.from({ length: 20 }, (_, number) => `tenant-${number}`)
    const waiting = Array.from({ length: 1000 }, async (_, number) => {
      const key = keys[number % keys.length] as string
      return (await source.get({ url: key })).value === `token-of-${key}`
    })
    for (const key of [...keys].reverse()) fetches.get(key)?.resolve(answer(`token-of-${key}`))
    expect((await Promise.all(waiting)).every(Boolean)).toBe(true)
    expect(fetch).toHaveBeenCalledTimes(keys.length)
  })

  test('reject and renew are those of one key', async () => {
    let count = 0
    const { source } = keyed(({ key }) => {
      count += 1
      return answer(`${key}-${count}`)
    })
    const a = await source.get({ url: 'a' })
    const b = await source.get({ url: 'b' })
    expect(source.reject(a, { url: 'b' })).toBe(true)
    expect(source.current({ url: 'b' })).toBe(b)
    source.reject(a, { url: 'a' })
    expect(source.current({ url: 'a' })).toBeUndefined()
    expect((await source.renew({ url: 'b' })).value).toBe('b-3')
  })

  test('clear is for all', async () => {
    const { source } = keyed(({ key }) => answer(`token-of-${key}`))
    await source.get({ url: 'a' })
    await source.get({ url: 'b' })
    source.clear()
    expect(source.current({ url: 'a' })).toBeUndefined()
    expect(source.current({ url: 'b' })).toBeUndefined()
  })

  test.each([undefined, null, 5, {}, ['a'], Promise.resolve('a')])(
    'that gives %p is an error that says so',
    async (key) => {
      const { source, fetch } = setUp(undefined, { key: () => key as unknown as string })
      const failure = await failureOf(source.get())
      expect(failure.code).toBe('ERR_AUTH_CREDENTIALS')
      expect(failure.message).toMatch(/`key` must give a string/)
      expect(fetch).not.toHaveBeenCalled()
    },
  )

  test.each(['', '__proto__', 'constructor', ' ', '🔑'])('may be any text: %p', async (key) => {
    const { source } = keyed((context) => answer(`x${context.key.length}`))
    const token = await source.get({ url: key })
    expect(source.current({ url: key })).toBe(token)
  })

  test('a million keys leave it no larger than a thousand', () => {
    const source = tokenSource(() => 'fake-token', { key: ({ url }) => String(url) })
    for (let number = 0; number < 1_000_000; number += 1) source.current({ url: String(number) })
    expect(source.inspect().length).toBeLessThanOrEqual(2000)
  })

  test('a key that was dropped to make room while its fetch is under way joins that fetch', async () => {
    const calls: string[] = []
    let give: (token: string) => void = () => undefined
    const answer = new Promise<string>((resolve) => {
      give = resolve
    })
    const fetch = ({ key }: { key: string }): Promise<string> => {
      calls.push(key)
      return answer
    }
    const source = tokenSource(fetch, { key: ({ url }) => String(url) })
    const first = source.get({ url: 'a' })
    const others = Array.from({ length: 2500 }, (_, number) => source.get({ url: String(number) }))
    const second = source.get({ url: 'a' })
    give('fake-token')
    expect(await second).toBe(await first)
    await Promise.all(others)
    expect(calls.filter((key) => key === 'a')).toHaveLength(1)
  })

  test('memory stays bounded after 5,000 keys, and the last used are those that are kept', async () => {
    const { source, fetch } = keyed(() => answer('token'))
    for (let number = 0; number < 5000; number += 1) {
      await source.get({ url: String(number) })
      await source.get({ url: 'often' })
    }
    expect(source.inspect().length).toBeLessThanOrEqual(2000)
    expect(source.current({ url: '4999' })).toBeDefined()
    expect(fetch).toHaveBeenCalledTimes(5001)
  })

  test('clear reaches every fetch in flight, however many keys there are', async () => {
    const { fetches, fetchToken } = heldFetch()
    const { source } = keyed(fetchToken)
    const waiting = Promise.allSettled(
      Array.from({ length: 5000 }, (_, number) => source.get({ url: String(number) })),
    )
    source.clear()
    for (const fetch of fetches) fetch.resolve('of-the-last-user')
    const results = await waiting
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(0)
  })
})

describe('a listener', () => {
  test('is told what happens, in order', async () => {
    const { source, events, pass } = setUp()
    const token = await source.get()
    pass(DUE)
    source.current()
    await turn()
    source.reject(token)
    source.reject(source.current() as AccessToken)
    await source.get()
    source.clear()
    expect(events).toEqual([
      { type: 'fetching', reason: 'cold', key: '' },
      { type: 'fetched', reason: 'cold', key: '', token: 1, duration: 0, expiresAt: START + 600 * SECOND },
      { type: 'fetching', reason: 'stale', key: '' },
      {
        type: 'fetched',
        reason: 'stale',
        key: '',
        token: 2,
        duration: 0,
        expiresAt: START + (450 + 600) * SECOND,
      },
      { type: 'rejected', key: '', token: 2 },
      { type: 'fetching', reason: 'rejected', key: '' },
      {
        type: 'fetched',
        reason: 'rejected',
        key: '',
        token: 3,
        duration: 0,
        expiresAt: START + (450 + 600) * SECOND,
      },
      { type: 'cleared' },
    ])
  })

  test('is told how long a fetch took', async () => {
    const { fetches, fetchToken } = heldFetch()
    const { source, events, pass } = setUp(fetchToken)
    const first = source.get()
    pass(123)
    fetches[0]?.resolve({ access_token: 'a', expires_in: 1 })
    await first
    pass(SECOND)
    const second = failureOf(source.get())
    pass(45)
    fetches[1]?.reject(new Error('down'))
    await second
    expect(events).toMatchObject([
      {},
      { type: 'fetched', duration: 123 },
      {},
      { type: 'failed', duration: 45 },
    ])
  })

  test('finds the new token in use when it is told of it', async () => {
    const held: unknown[] = []
    const { source } = setUp(undefined, {
      onEvent: ({ type }) => type === 'fetched' && held.push(source.current()?.value),
    })
    await source.get()
    expect(held).toEqual(['token-1'])
  })

  test.each<[what: string, listener: () => unknown]>([
    [
      'throws',
      () => {
        throw new Error('a bad listener')
      },
    ],
    ['rejects', () => Promise.reject(new Error('a bad listener'))],
  ])('that %s harms nothing', async (_, listener) => {
    const { source, fetch, pass } = setUp(undefined, { onEvent: listener as () => void })
    const token = await source.get()
    pass(DUE)
    source.current()
    await turn()
    source.reject(token)
    fetch.mockRejectedValueOnce(new Error('down'))
    await failureOf(source.renew())
    source.clear()
    expect(await get(source)).toBe('token-3')
  })

  test('that asks the source at once does not start a second fetch', async () => {
    let asked = 0
    const { source, fetch } = setUp(undefined, {
      onEvent: () => {
        asked += 1
        // Ends what would otherwise go on until the stack is full.
        if (asked < 50) source.get().catch(() => undefined)
      },
    })
    await source.get()
    expect(fetch).toHaveBeenCalledTimes(1)
  })
})

describe('what a program prints', () => {
  const SECRET = 'tok-8f1c2d'
  const secrets = () => ({
    access_token: SECRET,
    expires_in: 600,
    refresh_token: `${SECRET}-r`,
    nested: { again: SECRET },
  })

  test('of a token, a source, its state and its events shows no token', async () => {
    const { source, fetch, events, pass } = setUp(secrets)
    const token = await source.get()
    pass(DUE)
    source.current()
    await turn()
    source.reject(source.current() as AccessToken)
    fetch.mockRejectedValueOnce(refusal(500, {}, { error: 'server_error', access_token: SECRET }))
    const failure = await failureOf(source.get())
    await source.get()
    expect(source.current()?.value).toBe(SECRET)
    for (const thing of [token, source, source.inspect(), events, failure, failure.cause]) {
      expect(shown(thing)).not.toContain(SECRET)
    }
    expect(events.length).toBeGreaterThan(7)
  })

  test('of a token is its number and its end', async () => {
    const { source } = setUp(secrets)
    const token = await source.get()
    expect(JSON.parse(JSON.stringify(token))).toEqual({ serial: 1, expiresAt: START + 600 * SECOND })
    expect(`${token as unknown as string}`).not.toContain(SECRET)
    expect(Object.values({ ...token })).toEqual([1, START + 600 * SECOND])
    expect(structuredClone(token)).toEqual({ serial: 1, expiresAt: START + 600 * SECOND })
  })

  test('of what a fetch is told shows no token', async () => {
    const { source, fetch } = setUp(secrets)
    await source.get()
    await source.renew()
    expect(fetch.mock.lastCall?.[0].previous?.value).toBe(SECRET)
    expect(shown(fetch.mock.lastCall?.[0])).not.toContain(SECRET)
  })
})

test('isFetch knows the signals of its own fetches only', async () => {
  const { source, fetch } = setUp()
  const other = setUp()
  await source.get()
  await other.source.get()
  const signal = fetch.mock.lastCall?.[0].signal
  expect(source.isFetch(signal)).toBe(true)
  expect(other.source.isFetch(signal)).toBe(false)
  for (const thing of [undefined, null, 'signal', 5, {}, new AbortController().signal]) {
    expect(source.isFetch(thing)).toBe(false)
  }
})

describe('options', () => {
  test.each<[option: string, value: unknown]>([
    ['fetchToken', undefined],
    ['fetchToken', null],
    ['fetchToken', 'token'],
    ['fetchToken', {}],
    ['fetchToken', Promise.resolve('token')],
    ['options', null],
    ['options', 5],
    ['options', 'leeway'],
    ['leeway', '30'],
    ['leeway', -1],
    ['leeway', Number.NaN],
    ['leeway', Number.POSITIVE_INFINITY],
    ['leeway', null],
    ['renewAhead', '300'],
    ['renewAhead', -1],
    ['renewAhead', Number.NaN],
    ['timeout', '30'],
    ['timeout', 0],
    ['timeout', -1],
    ['timeout', Number.NaN],
    ['timeout', Number.POSITIVE_INFINITY],
    ['timeout', 2 ** 31],
    ['timeout', null],
    ['key', 'tenant'],
    ['key', null],
    ['onEvent', 'log'],
    ['onEvent', null],
    ['now', 5],
    ['now', new Date()],
    ['random', 0.5],
    ['random', null],
  ])('%s: %p is a TypeError that names it', (option, value) => {
    const make = () => {
      if (option === 'fetchToken') return tokenSource(value as FetchToken)
      return tokenSource(
        () => 'a',
        (option === 'options' ? value : { [option]: value }) as TokenSourceOptions,
      )
    }
    expect(make).toThrow(TypeError)
    expect(make).toThrow(`\`${option}\``)
  })

  test.each<TokenSourceOptions>([
    {},
    { leeway: 0, renewAhead: 0, timeout: 1 },
    { timeout: 2 ** 31 - 1 },
    {
      leeway: undefined,
      renewAhead: undefined,
      timeout: undefined,
      key: undefined,
      onEvent: undefined,
      now: undefined,
      random: undefined,
    },
  ])('%p are all right', async (options) => {
    expect(await get(tokenSource(() => 'a', options))).toBe('a')
  })
})
