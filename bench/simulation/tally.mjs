/** What the callers of a fleet see. */
export function tallyOf() {
  /** @type {number[]} */
  const waits = []
  return {
    requests: 0,
    waits,
    waitsWithValidToken: 0,
    failures: { withValidToken: 0, issuerUp: 0, noToken: 0 },
    refusals: 0,
  }
}

/** @typedef {ReturnType<typeof tallyOf> & { tokenCalls: ReturnType<ReturnType<typeof import('./issuer.mjs').issuerOf>['calls']> }} Day */
/** @typedef {ReturnType<typeof summaryOf>} Summary */

/**
 * Means of several days, but of the seconds the worst.
 *
 * @param {Day[]} days
 */
export function summaryOf(days) {
  const mean = (/** @type {(day: Day) => number} */ figure) =>
    days.reduce((sum, day) => sum + figure(day), 0) / days.length
  const most = (/** @type {(day: Day) => number} */ figure) => Math.max(...days.map(figure))
  const waits = Float64Array.from(days.flatMap((day) => day.waits)).sort()
  const failed = days.map(({ failures }) => failures.withValidToken + failures.issuerUp + failures.noToken)

  return {
    requests: mean((day) => day.requests),
    waits: {
      count: mean((day) => day.waits.length),
      withValidToken: mean((day) => day.waitsWithValidToken),
      total: waits.reduce((sum, wait) => sum + wait, 0) / days.length,
      p95: waits[Math.ceil(0.95 * waits.length) - 1] ?? 0,
    },
    failures: {
      total: failed.reduce((sum, count) => sum + count, 0) / days.length,
      least: Math.min(...failed),
      most: Math.max(...failed),
      withValidToken: mean((day) => day.failures.withValidToken),
      issuerUp: mean((day) => day.failures.issuerUp),
      noToken: mean((day) => day.failures.noToken),
    },
    refusals: mean((day) => day.refusals),
    tokenCalls: {
      total: mean((day) => day.tokenCalls.total),
      duringOutages: mean((day) => day.tokenCalls.duringOutages),
      worstSecond: most((day) => day.tokenCalls.worstSecond),
      worstLaterSecond: most((day) => day.tokenCalls.worstLaterSecond),
    },
  }
}
