import { wait } from '#lib/oauth/wait'

beforeEach(() => {
  jest.useFakeTimers()
})
afterEach(() => {
  jest.useRealTimers()
})

test('a wait lasts as long as it is asked for, and leaves nothing behind', async () => {
  const { signal } = new AbortController()
  const added = jest.spyOn(signal, 'addEventListener')
  const removed = jest.spyOn(signal, 'removeEventListener')
  const over = jest.fn()
  const waiting = wait(5000, signal).then(over)
  await jest.advanceTimersByTimeAsync(4999)
  expect(over).not.toHaveBeenCalled()
  await jest.advanceTimersByTimeAsync(1)
  expect(over).toHaveBeenCalled()
  await waiting
  expect(jest.getTimerCount()).toBe(0)
  expect(removed.mock.calls).toEqual(added.mock.calls)
  expect(added.mock.calls).toEqual([['abort', expect.any(Function)]])
})

test.each([
  ['before', true],
  ['while', false],
])('an abort %s it waits ends it at once, and its timer', async (_, isBefore) => {
  const controller = new AbortController()
  if (isBefore) controller.abort()
  const waiting = wait(5000, controller.signal)
  controller.abort()
  await expect(waiting).rejects.toThrow('aborted')
  expect(jest.getTimerCount()).toBe(0)
})
