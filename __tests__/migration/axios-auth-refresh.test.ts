import axios from 'axios'
import { createAuthRefresh } from 'axios-auth-refresh'
import { connect as connectAfter } from '../../examples/migration/axios-auth-refresh/after'
import { connect as connectBefore } from '../../examples/migration/axios-auth-refresh/before'
import * as situations from './situations'

const inBoth = (situation: situations.Situation) =>
  situations.compare(situation, (url) => connectBefore(url, storage()), connectAfter)

/** Like the localStorage of a browser. */
function storage(): Pick<Storage, 'getItem' | 'setItem'> {
  const items = new Map<string, string>()
  return {
    getItem: (name) => items.get(name) ?? null,
    setItem: (name, value) => void items.set(name, value),
  }
}

test('before the first token, a request goes out with none and is sent again; now it waits for one', async () => {
  expect(await inBoth(situations.firstRequest)).toEqual({
    before: { sent: ['Bearer null', 'Bearer fake-token-1'], tokenRequests: 1 },
    after: { sent: ['Bearer fake-token-1'], tokenRequests: 1 },
  })
})

test('200 requests under way when the token is revoked: 199 callers get the 401; now none', async () => {
  expect(await inBoth(situations.revokedUnderMany)).toEqual({
    before: { callers: { 200: 1, 401: 199 }, tokenRequests: 1 },
    after: { callers: { 200: 200 }, tokenRequests: 1 },
  })
})

test('with deduplicateRefresh: false all 200 were served before, too', async () => {
  const served = await situations.play(situations.revokedUnderMany, (url) => {
    const api = axios.create({ baseURL: url })
    let token = ''
    api.interceptors.request.use((request) => {
      request.headers.Authorization = `Bearer ${token}`
      return request
    })
    const refresh = async (): Promise<void> => {
      token = (await axios.post(`${url}/auth/token/refresh`)).data.token
    }
    createAuthRefresh(api, refresh, { deduplicateRefresh: false })
    return api
  })
  expect(served).toEqual({ callers: { 200: 200 }, tokenRequests: 1 })
})

test('the 401 of an older token refreshes again; now the request is sent again with the token that is held', async () => {
  expect(await inBoth(situations.lateRefusal)).toEqual({
    before: { callers: { 200: 2 }, tokenRequests: 2 },
    after: { callers: { 200: 2 }, tokenRequests: 1 },
  })
})

test('a new request waits while the token is replaced; it does so now', async () => {
  const served = { callers: { 200: 2 }, sentForTheNext: 1 }
  expect(await inBoth(situations.newWhileReplacing)).toEqual({ before: served, after: served })
})

test('when the refresh fails, the refused request gets its error and who waits is canceled; now a 401 and an AuthError', async () => {
  expect(await inBoth(situations.newWhileReplacingFails)).toEqual({
    before: { first: 400, next: 'ERR_CANCELED' },
    after: { first: 401, next: 'ERR_AUTH_TOKEN_REQUEST' },
  })
  expect(await inBoth(situations.noNewToken)).toEqual({
    before: { path: '/auth/token/refresh', status: 400, showsRefreshToken: false },
    after: { path: '/things', status: 401, showsRefreshToken: false },
  })
})

test('a request that is refused for good is sent twice; it is now', async () => {
  const twice = { caller: 401, sent: 2, tokenRequests: 1 }
  expect(await inBoth(situations.refusedForGood)).toEqual({ before: twice, after: twice })
})

test('interceptors and transforms run again for what is sent again; now they run once', async () => {
  expect(await inBoth(situations.ownInterceptors)).toEqual({
    before: { interceptor: 2, transform: 2, bodies: ['cba', 'abc'] },
    after: { interceptor: 1, transform: 1, bodies: ['cba', 'cba'] },
  })
})

test('a 401 that resolves is not seen; now it is', async () => {
  expect(await inBoth(situations.resolvedRefusal)).toEqual({ before: 401, after: 200 })
})

test('a stream is sent again, empty; now the caller gets the 401', async () => {
  expect(await inBoth(situations.streamedBody)).toEqual({
    before: { caller: 200, bodies: ['some bytes', ''] },
    after: { caller: 401, bodies: ['some bytes'] },
  })
})

test('a request that is aborted while the token is replaced waits for it; now it is over at once', async () => {
  expect(await inBoth(situations.abortedWhileWaiting)).toEqual({
    before: { isOverAtOnce: false, caller: 'ERR_CANCELED' },
    after: { isOverAtOnce: true, caller: 'ERR_CANCELED' },
  })
})

test('the interceptor of the README sends its token to any origin, and prints it; now neither', async () => {
  expect(await inBoth(situations.foreignOrigin)).toEqual({
    before: ['Bearer fake-token-1'],
    after: [undefined],
  })
  expect(await inBoth(situations.printedError)).toEqual({ before: true, after: false })
})

test('and writes over the header of a request; now that is kept', async () => {
  expect(await inBoth(situations.ownHeader)).toEqual({
    before: 'Bearer fake-token-1',
    after: 'Bearer fake-of-mine',
  })
})

test('skipAuthRefresh sends the token and leaves the 401; authenticate: false sends no token at all', async () => {
  const skipped: situations.Situation = async (stage, api) => {
    await api.get('/first')
    stage.revoke()
    const ofBoth = { skipAuthRefresh: true, authenticate: false, validateStatus: () => true } as const
    const { status } = await api.get('/things', ofBoth)
    return { status, sent: stage.requestsFor('/things').map(({ headers }) => headers.authorization) }
  }
  expect(await inBoth(skipped)).toEqual({
    before: { status: 401, sent: ['Bearer fake-token-1'] },
    after: { status: 401, sent: [undefined] },
  })
})
