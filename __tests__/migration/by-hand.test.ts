import { connect as connectAfter } from '../../examples/migration/by-hand/after'
import { connect as connectBefore } from '../../examples/migration/by-hand/before'
import * as situations from './situations'

const inBoth = (situation: situations.Situation) =>
  situations.compare(
    situation,
    (url) => connectBefore(url, url, { access: 'fake-token-0', refresh: 'fake-refresh-0' }),
    (url) => connectAfter(url, url, { refresh: 'fake-refresh-0' }),
  )

test('200 requests under way when the token is revoked are all served after one refresh; they are now', async () => {
  const served = { callers: { 200: 200 }, tokenRequests: 1 }
  expect(await inBoth(situations.revokedUnderMany)).toEqual({ before: served, after: served })
})

test('a token that has expired is found out by a refusal; now one is fetched first', async () => {
  expect(await inBoth(situations.firstRequest)).toEqual({
    before: { sent: ['Bearer fake-token-0', 'Bearer fake-token-1'], tokenRequests: 1 },
    after: { sent: ['Bearer fake-token-1'], tokenRequests: 1 },
  })
})

test('the 401 of an older token refreshes again; now the request is sent again with the token that is held', async () => {
  expect(await inBoth(situations.lateRefusal)).toEqual({
    before: { callers: { 200: 2 }, tokenRequests: 2 },
    after: { callers: { 200: 2 }, tokenRequests: 1 },
  })
})

test('a new request is sent and refused while the token is replaced; now it waits', async () => {
  expect(await inBoth(situations.newWhileReplacing)).toEqual({
    before: { callers: { 200: 2 }, sentForTheNext: 2 },
    after: { callers: { 200: 2 }, sentForTheNext: 1 },
  })
})

test('when the refresh fails the caller gets its error, with the refresh token in it; now its own 401', async () => {
  expect(await inBoth(situations.noNewToken)).toEqual({
    before: { path: '/token', status: 400, showsRefreshToken: true },
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
