import { pauseAfter, scheduleOf, stateAt } from '#lib/tokens/renewal-policy'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

const earliest = () => 1
const middle = () => 0.5
const latest = () => 0

describe('the schedule of a token', () => {
  test.each`
    life            | random      | renewAfter         | usableFor
    ${2 * SECOND}   | ${latest}   | ${1550}            | ${1800}
    ${2 * SECOND}   | ${middle}   | ${1500}            | ${1800}
    ${2 * SECOND}   | ${earliest} | ${1450}            | ${1800}
    ${5 * SECOND}   | ${latest}   | ${3875}            | ${4500}
    ${5 * SECOND}   | ${middle}   | ${3750}            | ${4500}
    ${5 * SECOND}   | ${earliest} | ${3625}            | ${4500}
    ${200 * SECOND} | ${latest}   | ${155 * SECOND}    | ${180 * SECOND}
    ${200 * SECOND} | ${middle}   | ${150 * SECOND}    | ${180 * SECOND}
    ${200 * SECOND} | ${earliest} | ${145 * SECOND}    | ${180 * SECOND}
    ${600 * SECOND} | ${latest}   | ${465 * SECOND}    | ${570 * SECOND}
    ${600 * SECOND} | ${middle}   | ${450 * SECOND}    | ${570 * SECOND}
    ${600 * SECOND} | ${earliest} | ${435 * SECOND}    | ${570 * SECOND}
    ${HOUR}         | ${latest}   | ${3330 * SECOND}   | ${3570 * SECOND}
    ${HOUR}         | ${middle}   | ${3300 * SECOND}   | ${3570 * SECOND}
    ${HOUR}         | ${earliest} | ${3270 * SECOND}   | ${3570 * SECOND}
    ${24 * HOUR}    | ${latest}   | ${86_130 * SECOND} | ${86_370 * SECOND}
    ${24 * HOUR}    | ${middle}   | ${86_100 * SECOND} | ${86_370 * SECOND}
    ${24 * HOUR}    | ${earliest} | ${86_070 * SECOND} | ${86_370 * SECOND}
  `(
    'of a life of $life ms is stale from $renewAfter and expired from $usableFor ms on',
    ({ life, random, renewAfter, usableFor }) => {
      const schedule = scheduleOf(life, undefined, {}, random)
      expect(stateAt(0, schedule)).toBe('fresh')
      expect(stateAt(renewAfter - 1, schedule)).toBe('fresh')
      expect(stateAt(renewAfter, schedule)).toBe('stale')
      expect(stateAt(usableFor - 1, schedule)).toBe('stale')
      expect(stateAt(usableFor, schedule)).toBe('expired')
      expect(stateAt(life * 10, schedule)).toBe('expired')
    },
  )

  test.each([latest, middle, earliest])(
    'of one second is never stale: it is too short to be renewed ahead',
    (random) => {
      const schedule = scheduleOf(SECOND, undefined, {}, random)
      expect(stateAt(899, schedule)).toBe('fresh')
      expect(stateAt(900, schedule)).toBe('expired')
    },
  )

  test('of an unknown life never ends', () => {
    const schedule = scheduleOf(undefined, undefined, {}, middle)
    expect(stateAt(Number.MAX_SAFE_INTEGER, schedule)).toBe('fresh')
  })

  test('of an unknown life does not come to an end by leeway and renewAhead', () => {
    const schedule = scheduleOf(undefined, undefined, { leeway: HOUR, renewAhead: HOUR }, middle)
    expect(stateAt(Number.MAX_SAFE_INTEGER, schedule)).toBe('fresh')
  })

  test('of an endless life never ends', () => {
    const schedule = scheduleOf(Number.POSITIVE_INFINITY, undefined, {}, middle)
    expect(stateAt(Number.MAX_SAFE_INTEGER, schedule)).toBe('fresh')
  })

  test('of no life is expired at once', () => {
    expect(stateAt(0, scheduleOf(0, undefined, {}, middle))).toBe('expired')
  })

  test.each([2 * SECOND, 5 * SECOND, 200 * SECOND, HOUR])(
    'of a life of %d ms has a time in which a renewal can run',
    (life) => {
      const { renewAfter, usableFor } = scheduleOf(life, undefined, {}, latest)
      expect(renewAfter).toBeGreaterThan(0)
      expect(renewAfter).toBeLessThan(usableFor)
      expect(usableFor).toBeLessThan(life)
    },
  )
})

describe('leeway and renewAhead', () => {
  test.each`
    options                                            | renewAfter       | usableFor
    ${{ leeway: 0 }}                                   | ${3300 * SECOND} | ${HOUR}
    ${{ leeway: MINUTE }}                              | ${3300 * SECOND} | ${59 * MINUTE}
    ${{ leeway: 10 * MINUTE }}                         | ${50 * MINUTE}   | ${50 * MINUTE}
    ${{ renewAhead: 30 * MINUTE }}                     | ${30 * MINUTE}   | ${3570 * SECOND}
    ${{ renewAhead: 0 }}                               | ${3570 * SECOND} | ${3570 * SECOND}
    ${{ leeway: 0, renewAhead: 0 }}                    | ${HOUR}          | ${HOUR}
    ${{ leeway: 5 * MINUTE, renewAhead: 20 * MINUTE }} | ${40 * MINUTE}   | ${55 * MINUTE}
    ${{ renewAhead: 2 * HOUR }}                        | ${SECOND}        | ${3570 * SECOND}
    ${{ leeway: 2 * HOUR }}                            | ${0}             | ${0}
  `('of an hour with $options', ({ options, renewAfter, usableFor }) => {
    expect(scheduleOf(HOUR, undefined, options, middle)).toEqual({ renewAfter, usableFor, life: HOUR })
  })

  test('a renewAhead that was given is spread, too', () => {
    const at = (random: () => number) =>
      scheduleOf(HOUR, undefined, { renewAhead: 10 * MINUTE }, random).renewAfter
    expect([at(latest), at(earliest)]).toEqual([51 * MINUTE, 49 * MINUTE])
  })
})

describe('the wish of the issuer', () => {
  test.each([latest, middle, earliest])(
    'wins over the default and over renewAhead, without jitter',
    (random) => {
      expect(scheduleOf(HOUR, 20 * MINUTE, {}, random).renewAfter).toBe(20 * MINUTE)
      expect(scheduleOf(HOUR, 20 * MINUTE, { renewAhead: 5 * MINUTE }, random).renewAfter).toBe(20 * MINUTE)
    },
  )

  test('counts where the life is unknown', () => {
    const schedule = scheduleOf(undefined, 20 * MINUTE, {}, middle)
    expect(stateAt(20 * MINUTE - 1, schedule)).toBe('fresh')
    expect(stateAt(20 * MINUTE, schedule)).toBe('stale')
    expect(stateAt(1000 * HOUR, schedule)).toBe('stale')
  })

  test('cannot make a token live longer', () => {
    expect(scheduleOf(HOUR, 2 * HOUR, {}, middle)).toEqual({
      renewAfter: 3570 * SECOND,
      usableFor: 3570 * SECOND,
      life: HOUR,
    })
  })

  test.each([HOUR, undefined])(
    'is not taken for less than a second, or each request would renew: life %p',
    (life) => {
      const schedule = scheduleOf(life, 0, {}, middle)
      expect(stateAt(999, schedule)).toBe('fresh')
      expect(stateAt(1000, schedule)).toBe('stale')
    },
  )
})

describe('the pause after failed renewals', () => {
  test.each([
    [1, 1],
    [2, 2],
    [3, 4],
    [4, 8],
    [5, 16],
    [6, 32],
    [7, 60],
    [8, 60],
    [9, 60],
    [10, 60],
    [5000, 60],
  ])('after %d in a row is %d s, spread by a tenth', (failures, seconds) => {
    expect(pauseAfter(failures, undefined, middle)).toBe(seconds * SECOND)
    expect(pauseAfter(failures, undefined, () => 0)).toBeCloseTo(seconds * 900)
    expect(pauseAfter(failures, undefined, () => 1)).toBeCloseTo(seconds * 1100)
  })

  test.each([0, 500, 7 * SECOND, HOUR])('is what Retry-After says: %d ms', (retryAfter) => {
    expect(pauseAfter(1, retryAfter, () => 1)).toBe(retryAfter)
    expect(pauseAfter(10, retryAfter, () => 0)).toBe(retryAfter)
  })
})
