import { setImmediate as turn } from 'node:timers/promises'
import { readAhead } from '#lib/read-ahead'

const KIB = 1024

/** Chunks of 10 KiB each, numbered; `fails` is what comes after them. */
function body(count: number, fails?: Error) {
  let read = 0
  const stop = jest.fn()
  const chunks: AsyncIterator<Uint8Array> = {
    next: () => {
      if (read < count) return Promise.resolve({ done: false, value: new Uint8Array(10 * KIB).fill(read++) })
      return fails ? Promise.reject(fails) : Promise.resolve({ done: true, value: undefined })
    },
  }
  return { ahead: readAhead(chunks, stop), stop, read: () => read }
}

async function numbersOf(chunks: AsyncIterable<Uint8Array>): Promise<unknown[]> {
  const numbers: unknown[] = []
  for await (const chunk of chunks) numbers.push(chunk[0])
  return numbers
}

const upTo = (count: number): number[] => Array.from({ length: count }, (_, index) => index)

test('what is short is read to its end, before anybody wants it', async () => {
  const { ahead, read } = body(6)
  await turn()
  expect(read()).toBe(6)
  expect(await numbersOf(ahead.whole())).toEqual(upTo(6))
})

test('what is longer than 64 KiB is read that far, and the rest when it is wanted', async () => {
  const { ahead, read } = body(100)
  await turn()
  expect(read()).toBe(7)
  const chunks = ahead.whole()
  await turn()
  expect(read()).toBe(7)
  expect(await numbersOf(chunks)).toEqual(upTo(100))
})

test('what is wanted at once is not read ahead', async () => {
  const { ahead, read } = body(100)
  const chunks = ahead.whole()
  await turn()
  expect(read()).toBe(1)
  expect(await numbersOf(chunks)).toEqual(upTo(100))
})

test('who reads it to its end, or stops before, stops it', async () => {
  const read = body(3)
  await numbersOf(read.ahead.whole())
  expect(read.stop).toHaveBeenCalledTimes(1)
  const left = body(3)
  for await (const _ of left.ahead.whole()) break
  expect(left.stop).toHaveBeenCalledTimes(1)
})

test.each([3, 100])('one of %d chunks that breaks off tells who reads it, and nobody else', async (count) => {
  const broken = body(count, new Error('reset'))
  await turn()
  await expect(numbersOf(broken.ahead.whole())).rejects.toThrow('reset')
})
