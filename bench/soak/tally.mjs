import { createHistogram } from 'node:perf_hooks'

/** Counts what became of the requests, in memory that does not grow. */
export function tallyOf() {
  const latency = createHistogram({ lowest: 1, highest: 60_000_000, figures: 3 })
  /** @type {Record<string, number>} */
  let failures = {}
  /** @type {Record<import('./ledger.mjs').Blame, number>} */
  const blames = {
    'the issuer was out, and no valid token left': 0,
    'no valid token, and the library asks for none: the pause after an outage': 0,
    'while the issuer was up': 0,
    'with a valid token': 0,
  }
  const sum = { requests: 0, served: 0, refused: 0, failed: 0, tokenCalls: 0, notSent: 0 }
  let before = { ...sum }

  return {
    sum,
    blames,
    /** @param {number} duration in milliseconds */
    served(duration) {
      sum.served += 1
      latency.record(Math.max(1, Math.round(duration * 1000)))
    },
    /** @param {string} code */
    failed(code) {
      if (code === '401') sum.refused += 1
      else {
        sum.failed += 1
        failures[code] = (failures[code] ?? 0) + 1
      }
    },
    /** What has happened since the last row. */
    row() {
      const since = Object.fromEntries(
        Object.entries(sum).map(([name, count]) => [
          name,
          count - before[/** @type {keyof typeof sum} */ (name)],
        ]),
      )
      const row = {
        .../** @type {typeof sum} */ (since),
        failures,
        p50: latency.count ? latency.percentile(50) / 1000 : undefined,
        p99: latency.count ? latency.percentile(99) / 1000 : undefined,
      }
      before = { ...sum }
      failures = {}
      latency.reset()
      return row
    },
  }
}
