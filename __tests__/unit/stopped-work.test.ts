import { AuthError } from '#lib/errors'
import { oneAtATime } from '#lib/tokens/one-at-a-time'
import { restartable } from '#lib/tokens/stopped-work'
import { type Deferred, deferred } from '../support/token-series'

/** Work that the test ends, and how often it was begun. */
function heldWork() {
  const begun: Deferred<string>[] = []
  const work = (): Promise<string> => {
    const one = deferred<string>()
    begun.push(one)
    return one.promise
  }
  return { begun, ask: restartable(() => oneAtATime(work)) }
}

// What workerd says to who waits in another request.
const STOPPED = new Error('A promise was resolved or rejected from a different request context')

test('what was stopped is begun anew, once for all who waited for it', async () => {
  const { begun, ask } = heldWork()
  const waiting = [ask(undefined), ask(undefined), ask(undefined)]
  begun[0]?.reject(STOPPED)
  await begun[0]?.promise.catch(() => undefined)
  await new Promise(setImmediate)
  expect(begun).toHaveLength(2)
  begun[1]?.resolve('done')
  expect(await Promise.all(waiting)).toEqual(['done', 'done', 'done'])
})

test('what has failed is not begun anew: all who waited are told', async () => {
  const { begun, ask } = heldWork()
  const failure = new AuthError('no', 'ERR_AUTH_TOKEN_REQUEST')
  const waiting = Promise.allSettled([ask(undefined), ask(undefined)])
  begun[0]?.reject(failure)
  expect(await waiting).toEqual([
    { status: 'rejected', reason: failure },
    { status: 'rejected', reason: failure },
  ])
  expect(begun).toHaveLength(1)
})

test('what is stopped twice is an error of those who waited, and the next who comes begins it anew', async () => {
  const { begun, ask } = heldWork()
  const waiting = ask(undefined)
  begun[0]?.reject(STOPPED)
  await new Promise(setImmediate)
  begun[1]?.reject(STOPPED)
  await expect(waiting).rejects.toBe(STOPPED)
  const next = ask(undefined)
  begun[2]?.resolve('done')
  expect(await next).toBe('done')
})
