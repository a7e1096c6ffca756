import { pauseAfter } from './renewal-policy'
import { slidingCount } from './sliding-count'

/** Keeps a failing issuer from being asked too often. All times are milliseconds on one clock of its owner. */
export interface FetchPace {
  failed(now: number, retryAfter: number | undefined): void
  /** A token that was held has been refused: true if another may be asked for, which then counts. */
  refused(now: number): boolean
  /** When a token that is refused then is replaced by another. */
  nextReplacement(now: number): number
  succeeded(): void
  /** When a request that has no token may ask for one. */
  nextFetch(now: number): number
  /** When a token that still works may be renewed. */
  nextRenewal(now: number): number
  /** Has the issuer itself asked to wait? */
  isAskedToWait(now: number): boolean
  /** Did the last fetch fail, or may none be made? */
  isInTrouble(now: number): boolean
}

const WINDOW = 30_000
// How long to leave the issuer alone after so many failures within the window. Most are over the next moment, so three
// may follow each other. Then it is out, and what is spent at the beginning of an outage is missing at its end.
const GAPS = [0, 0, 0, 2000]
const LONGEST_GAP = 6000
// Where fresh tokens are refused, too, more of them do not help.
const MOST_REFUSALS = 4

export function fetchPace(random: () => number): FetchPace {
  const failures = slidingCount(WINDOW)
  const refusals = slidingCount(WINDOW)
  let failuresInRow = 0
  let nextTry = Number.NEGATIVE_INFINITY
  let pausedUntil = Number.NEGATIVE_INFINITY
  let askedToWaitUntil = Number.NEGATIVE_INFINITY
  const nextFetch = (now: number): number => Math.max(askedToWaitUntil, nextTry, now)
  const nextReplacement = (now: number): number =>
    Math.max(nextFetch(now), refusals.whenBelow(MOST_REFUSALS, now))

  return {
    failed(now, retryAfter) {
      failuresInRow += 1
      nextTry = now + (GAPS[failures.add(now)] ?? LONGEST_GAP)
      pausedUntil = now + pauseAfter(failuresInRow, retryAfter, random)
      if (retryAfter !== undefined) askedToWaitUntil = now + retryAfter
    },
    refused(now) {
      if (nextReplacement(now) > now) return false
      refusals.add(now)
      return true
    },
    nextReplacement,
    succeeded() {
      failuresInRow = 0
      pausedUntil = Number.NEGATIVE_INFINITY
    },
    nextFetch,
    nextRenewal: (now) => Math.max(pausedUntil, nextFetch(now)),
    isAskedToWait: (now) => askedToWaitUntil > now,
    isInTrouble: (now) => failuresInRow > 0 || nextFetch(now) > now,
  }
}

/** Whole milliseconds: who waits for so long is not too early. */
export const leftUntil = (time: number, now: number): number => Math.max(0, Math.ceil(time - now))
