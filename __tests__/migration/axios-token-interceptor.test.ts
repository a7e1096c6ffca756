import axios from 'axios'
// @ts-expect-error it has no types
import tokenProvider from 'axios-token-interceptor'
import { apiKeyAuth, tokenSource } from '#lib'
import { connect as connectAfter } from '../../examples/migration/axios-token-interceptor/after'
import { connect as connectBefore } from '../../examples/migration/axios-token-interceptor/before'
import { deferred } from '../support/token-series'
import * as situations from './situations'
import { startStage } from './stage'

const inBoth = (situation: situations.Situation) =>
  situations.compare(
    situation,
    (url) => connectBefore(url, 'fake-id', 'fake-secret'),
    (url) => connectAfter(url, 'fake-id', 'fake-secret'),
  )

test('50 first requests share one token request; they do so now', async () => {
  const served = { callers: { 200: 50 }, tokenRequests: 1 }
  expect(await inBoth(situations.fiftyFirstRequests)).toEqual({ before: served, after: served })
})

test('when no token can be had each of 50 requests asks for one in turn; now one asks for all', async () => {
  expect(await inBoth(situations.fiftyFirstRequestsWithoutToken)).toEqual({
    before: { callers: { 400: 50 }, tokenRequests: 50 },
    after: { callers: { ERR_AUTH_TOKEN_REQUEST: 50 }, tokenRequests: 1 },
  })
})

test('200 requests under way when the token is revoked: all callers get the 401; now none', async () => {
  expect(await inBoth(situations.revokedUnderMany)).toEqual({
    before: { callers: { 401: 200 }, tokenRequests: 0 },
    after: { callers: { 200: 200 }, tokenRequests: 1 },
  })
})

test('a revoked token is sent until its time is over; now it is replaced', async () => {
  const thrice: situations.Situation = async (stage, api) => {
    await api.get('/first')
    stage.revoke()
    const statuses = []
    for (const path of ['/one', '/two', '/three'])
      statuses.push((await api.get(path, { validateStatus: () => true })).status)
    return statuses
  }
  expect(await inBoth(thrice)).toEqual({ before: [401, 401, 401], after: [200, 200, 200] })
})

test('a request that is aborted while the token is fetched waits for it; now it is over at once', async () => {
  expect(await inBoth(situations.abortedWhileWaiting)).toEqual({
    before: { isOverAtOnce: false, caller: 'ERR_CANCELED' },
    after: { isOverAtOnce: true, caller: 'ERR_CANCELED' },
  })
})

test('the token goes to any origin, and an error prints it; now neither', async () => {
  expect(await inBoth(situations.foreignOrigin)).toEqual({
    before: ['Bearer fake-token-1'],
    after: [undefined],
  })
  expect(await inBoth(situations.printedError)).toEqual({ before: true, after: false })
})

test('the header of a request is written over; now it is kept', async () => {
  expect(await inBoth(situations.ownHeader)).toEqual({
    before: 'Bearer fake-token-1',
    after: 'Bearer fake-of-mine',
  })
})

describe('a token of ten minutes', () => {
  let now = 0
  beforeEach(() => {
    now = 0
    jest.spyOn(Date, 'now').mockImplementation(() => now)
  })
  afterEach(() => jest.restoreAllMocks())

  /** Which token is sent so many seconds after it was issued, and how many have been asked for by then. */
  const sentAfter =
    (seconds: number): situations.Situation =>
    async (stage, api) => {
      await api.get('/first')
      now += seconds * 1000
      await api.get('/things', { validateStatus: () => true })
      const sent = stage.requestsFor('/things')[0]?.headers.authorization
      return { sent, tokenRequests: stage.tokenRequests() }
    }

  test('is sent unto its last millisecond; now another one is fetched half a minute before', async () => {
    expect(await inBoth(sentAfter(599.999))).toEqual({
      before: { sent: 'Bearer fake-token-1', tokenRequests: 1 },
      after: { sent: 'Bearer fake-token-2', tokenRequests: 2 },
    })
  })

  test('is replaced when a request comes after its end, which waits; now behind a request that does not', async () => {
    expect((await inBoth(sentAfter(601))).before).toEqual({ sent: 'Bearer fake-token-2', tokenRequests: 2 })
    const renewal: situations.Situation = async (stage, api) => {
      await api.get('/first')
      now += 550_000
      const fetching = stage.tokenAnswers.hold()
      await api.get('/things', { validateStatus: () => true }) // while the answer to the renewal is held
      await fetching
      stage.tokenAnswers.release()
      return stage.requestsFor('/things')[0]?.headers.authorization
    }
    const sent = await situations.play(renewal, (url) => connectAfter(url, 'fake-id', 'fake-secret'))
    expect(sent).toBe('Bearer fake-token-1')
  })
})

describe('beside its cache', () => {
  test('getToken without tokenCache is called for each request; so is a function of apiKeyAuth', async () => {
    const stage = await startStage()
    const calls = { before: 0, after: 0 }
    const getToken = (name: 'before' | 'after') => async (): Promise<string> => {
      calls[name] += 1
      return 'fake-token'
    }
    const [before, after] = [axios.create({ baseURL: stage.url }), axios.create({ baseURL: stage.url })]
    before.interceptors.request.use(tokenProvider({ getToken: getToken('before') }))
    const fetchToken = getToken('after')
    after.interceptors.request.use(
      apiKeyAuth({ name: 'Authorization', value: async () => `Bearer ${await fetchToken()}` }),
    )
    for (const api of [before, after])
      for (const path of ['/one', '/two', '/three']) await api.get(path, { validateStatus: () => true })
    expect(calls).toEqual({ before: 3, after: 3 })
    const sent = stage.requests().map(({ headers }) => headers.authorization)
    expect(sent).toEqual(Array.from({ length: 6 }, () => 'Bearer fake-token'))
  })

  test('a token that is under way at reset() is held all the same; clear() drops it', async () => {
    const answers = [deferred<string>(), deferred<string>()]
    let calls = 0
    const fetchToken = (): Promise<string> => {
      const answer = answers[calls]
      calls += 1
      return answer?.promise ?? Promise.resolve('fake-later-token')
    }
    const cache = tokenProvider.tokenCache(fetchToken, { maxAge: 600_000 })
    const first = cache()
    cache.reset()
    answers[0]?.resolve('fake-old-token')
    expect([await first, await cache()]).toEqual(['fake-old-token', 'fake-old-token'])

    const source = tokenSource(fetchToken)
    const waiting = source.get()
    source.clear()
    answers[1]?.resolve('fake-old-token')
    await expect(waiting).rejects.toMatchObject({ code: 'ERR_AUTH_TOKEN_CLEARED' })
    expect((await source.get()).value).toBe('fake-later-token')
  })
})
