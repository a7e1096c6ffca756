import { fetchPace } from '#lib/tokens/fetch-pace'
import { slidingCount } from '#lib/tokens/sliding-count'

const pace = () => fetchPace(() => 0.5)

/** A pace after failures at these times. */
const failedAt = (...times: number[]) => {
  const failing = pace()
  for (const time of times) failing.failed(time, undefined)
  return failing
}

describe('the next fetch', () => {
  test.each([
    ['no failure', [], 0],
    ['one', [0], 0],
    ['two', [0, 0], 0],
    ['three', [0, 0, 0], 2000],
    ['four', [0, 0, 0, 2000], 8000],
    ['five', [0, 0, 0, 2000, 8000], 14_000],
    ['a dozen', Array.from({ length: 12 }, () => 100), 6100],
  ])('after %s', (_, times, expected) => {
    const now = times.at(-1) ?? 0
    expect(failedAt(...times).nextFetch(now)).toBe(expected)
  })

  test('is not held back by failures that are 30 s old', () => {
    expect(failedAt(0, 0, 30_000).nextFetch(30_000)).toBe(30_000)
    expect(failedAt(0, 1, 30_000).nextFetch(30_000)).toBe(30_000)
    expect(failedAt(1, 1, 30_000).nextFetch(30_000)).toBe(32_000)
  })

  test('comes thirteen times in the first minute of an outage', () => {
    const failing = pace()
    let fetches = 0
    for (let now = 0; now < 60_000; now = failing.nextFetch(now)) {
      failing.failed(now, undefined)
      fetches += 1
    }
    expect(fetches).toBe(13)
  })

  test('is held back after a success, too, where failures come and go', () => {
    const failing = failedAt(0, 0)
    failing.succeeded()
    failing.failed(0, undefined)
    expect(failing.nextFetch(0)).toBe(2000)
  })

  test('is never earlier than now, nor than the issuer wants', () => {
    const failing = pace()
    failing.failed(0, 20_000)
    expect(failing.nextFetch(0)).toBe(20_000)
    expect(failing.isAskedToWait(19_999)).toBe(true)
    expect(failing.isAskedToWait(20_000)).toBe(false)
    expect(failing.nextFetch(50_000)).toBe(50_000)
  })
})

describe('a refused token', () => {
  test('is replaced four times within 30 s', () => {
    const refusing = pace()
    const replaced = Array.from({ length: 6 }, () => refusing.refused(0))
    expect(replaced).toEqual([true, true, true, true, false, false])
    expect(refusing.nextReplacement(29_999)).toBe(30_000)
    expect(refusing.refused(29_999)).toBe(false)
    expect(refusing.nextReplacement(30_000)).toBe(30_000)
    expect(refusing.refused(30_000)).toBe(true)
  })

  test('is kept where no fetch may be made, and that does not count', () => {
    const failing = failedAt(0, 0, 0)
    expect(failing.nextReplacement(1999)).toBe(2000)
    expect(failing.refused(1999)).toBe(false)
    expect(Array.from({ length: 5 }, () => failing.refused(2000))).toEqual([true, true, true, true, false])
  })
})

describe('trouble', () => {
  test('is there from a failed fetch until one succeeds', () => {
    const failing = pace()
    expect(failing.isInTrouble(0)).toBe(false)
    failing.failed(0, undefined)
    expect(failing.isInTrouble(60_000)).toBe(true)
    failing.succeeded()
    expect(failing.isInTrouble(60_000)).toBe(false)
  })

  test('is there as long as no fetch may be made', () => {
    const failing = pace()
    failing.failed(0, 20_000)
    failing.succeeded()
    expect(failing.isInTrouble(19_999)).toBe(true)
    expect(failing.isInTrouble(20_000)).toBe(false)
  })
})

describe('a renewal', () => {
  test('waits for the pause after failures in a row, and for the next fetch', () => {
    const failing = pace()
    const due = [0, 0, 0, 0].map(() => {
      failing.failed(0, undefined)
      return failing.nextRenewal(0)
    })
    expect(due).toEqual([1000, 2000, 4000, 8000])
    failing.succeeded()
    expect(failing.nextRenewal(0)).toBe(6000)
  })
})

test('a sliding count forgets what has left its window', () => {
  const count = slidingCount(100)
  expect([count.add(0), count.add(50), count.add(99), count.add(100)]).toEqual([1, 2, 3, 3])
  expect([count.add(149), count.add(150), count.add(300)]).toEqual([4, 4, 1])
})

test('a sliding count goes to ten, and keeps no more', () => {
  const count = slidingCount(100)
  expect(Array.from({ length: 12 }, () => count.add(0)).slice(-4)).toEqual([9, 10, 10, 10])
})

test('a sliding count says when it will be lower', () => {
  const count = slidingCount(100)
  expect(count.whenBelow(1, 7)).toBe(7)
  for (const time of [0, 50, 99]) count.add(time)
  expect([1, 2, 3, 4].map((most) => count.whenBelow(most, 99))).toEqual([199, 150, 100, 99])
  expect(count.whenBelow(3, 101)).toBe(101)
})

test('nothing that happened is never a matter of a rounded fraction', () => {
  const count = slidingCount(30_000)
  for (let now = 0.1; now < 100; now += 0.7) expect(count.whenBelow(1, now)).toBe(now)
})

test('two of them do not share', () => {
  slidingCount(100).add(0)
  expect(slidingCount(100).add(0)).toBe(1)
})
