/** How long a token may be used, in milliseconds of its age. */
export interface Schedule {
  /** From this age on a renewal is due. */
  readonly renewAfter: number
  /** From this age on it counts as expired. */
  readonly usableFor: number
  /** From this age on it is over. Between these two it is the last resort while no other can be had. */
  readonly life: number
}

/**
 * What a request gets: `fresh` and `stale` the token, `stale` with a renewal behind it; for `expired` it waits.
 *
 * @inline
 */
export type TokenState = 'fresh' | 'stale' | 'expired'

/** When a token is renewed, and when it is no longer sent. */
export interface PolicyOptions {
  /**
   * How early a token counts as expired, in milliseconds; from then on it is sent only while no other can be had.
   * @default 10 % of its life, 30_000 at most
   */
  readonly leeway?: number | undefined
  /**
   * How early its renewal starts behind the requests, in milliseconds, give or take 10 %; 0 switches that off.
   * @default 25 % of its life, 300_000 at most
   */
  readonly renewAhead?: number | undefined
}

const SECOND = 1000
const MINUTE = 60 * SECOND

// Long enough for a request to arrive while the token still counts; a fixed margin would switch off memory for short lives.
const MOST_LEEWAY = 30 * SECOND
const LEEWAY_PART = 0.1
// Room for several tries before the token expires, so that an outage of minutes is not seen by any request.
const MOST_AHEAD = 5 * MINUTE
const AHEAD_PART = 0.25
// A token is used for a while whatever is asked for, or each request would start a renewal.
const SHORTEST_USE = SECOND
// A fleet that started together should not renew in step.
const JITTER = 0.1

/** When a token of this life is due for renewal and when it is over. An unknown life ends only when the API refuses it. */
export function scheduleOf(
  life: number | undefined,
  issuersWish: number | undefined,
  { leeway, renewAhead }: PolicyOptions,
  random: () => number,
): Schedule {
  const wish = issuersWish === undefined ? undefined : Math.max(SHORTEST_USE, issuersWish)
  if (life === undefined) {
    const endless = Number.POSITIVE_INFINITY
    return { renewAfter: wish ?? endless, usableFor: endless, life: endless }
  }
  const usableFor = Math.max(0, life - (leeway ?? Math.min(MOST_LEEWAY, LEEWAY_PART * life)))
  const ahead = renewAhead ?? Math.min(MOST_AHEAD, AHEAD_PART * life)
  const due = wish ?? Math.max(SHORTEST_USE, life - ahead * spread(JITTER, random))
  return { renewAfter: Math.min(due, usableFor), usableFor, life }
}

export function stateAt(age: number, { renewAfter, usableFor }: Schedule): TokenState {
  if (age >= usableFor) return 'expired'
  return age >= renewAfter ? 'stale' : 'fresh'
}

const FIRST_PAUSE = SECOND
const LONGEST_PAUSE = MINUTE

/** How long to leave the issuer alone after this many failed renewals in a row, in milliseconds. `Retry-After` wins. */
export function pauseAfter(failures: number, retryAfter: number | undefined, random: () => number): number {
  return retryAfter ?? Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (failures - 1)) * spread(JITTER, random)
}

/** A factor around 1: from `1 - part` to `1 + part`. */
const spread = (part: number, random: () => number): number => 1 + part * (2 * random() - 1)
