import { failureBudget } from './failure-budget'
import { pauseAfter } from './renewal-policy'

/** Keeps a failing issuer from being asked too often. All times are milliseconds on one clock of its owner. */
export interface FetchPace {
  failed(now: number, retryAfter: number | undefined): void
  /** A token that was held has been refused: true if another may be asked for, which then counts. */
  refused(now: number): boolean
  succeeded(): void
  /** When a request that has no token may ask for one. */
  nextFetch(now: number): number
  /** When a token that still works may be renewed. */
  nextRenewal(now: number): number
  /** Has the issuer itself asked to wait? */
  isAskedToWait(now: number): boolean
}

export function fetchPace(random: () => number): FetchPace {
  const budget = failureBudget()
  let failuresInRow = 0
  let pausedUntil = Number.NEGATIVE_INFINITY
  let askedToWaitUntil = Number.NEGATIVE_INFINITY
  const nextFetch = (now: number): number => Math.max(askedToWaitUntil, budget.nextTry(now))

  return {
    failed(now, retryAfter) {
      budget.spend(now)
      failuresInRow += 1
      pausedUntil = now + pauseAfter(failuresInRow, retryAfter, random)
      if (retryAfter !== undefined) askedToWaitUntil = now + retryAfter
    },
    refused(now) {
      // The last one is not spent: it would forbid the very fetch that is to replace the token.
      if (nextFetch(now) > now || budget.left(now) <= 1) return false
      budget.spend(now)
      return true
    },
    // The budget stays spent: a token that is refused each time it was fetched was fetched with success, too.
    succeeded() {
      failuresInRow = 0
      pausedUntil = Number.NEGATIVE_INFINITY
    },
    nextFetch,
    nextRenewal: (now) => Math.max(pausedUntil, nextFetch(now)),
    isAskedToWait: (now) => askedToWaitUntil > now,
  }
}
