/** Five failures in thirty seconds are enough to know: what comes after would only harm the issuer. */
const MOST_FAILURES = 5
const WINDOW = 30_000

/** Counts failed fetches and refused tokens, in milliseconds of a clock that its owner holds. */
export interface FailureBudget {
  spend(now: number): void
  /** When the next try may be made; `now` or earlier if that is at once. */
  nextTry(now: number): number
  /** How many more it can take at this moment. */
  left(now: number): number
}

export function failureBudget(): FailureBudget {
  let failures: number[] = []
  return {
    spend(now) {
      failures = [...failures, now].slice(-MOST_FAILURES)
    },
    nextTry(now) {
      const oldest = failures.length < MOST_FAILURES ? undefined : failures[0]
      return oldest === undefined ? now : oldest + WINDOW
    },
    left: (now) => MOST_FAILURES - failures.filter((at) => at + WINDOW > now).length,
  }
}
