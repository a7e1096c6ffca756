import { writeSection } from './page.mjs'
import { run } from './run.mjs'
import { library } from './strategies/library.mjs'
import { count, inMarkdown, inTerminal } from './table.mjs'
import { summaryOf } from './tally.mjs'
import { HOUR, MINUTE, SECOND, traceOf, WORLD } from './trace.mjs'
import { constantOf, variantWith } from './variant.mjs'

const DAYS = 10
const LIVES = [200, 600, 3600]

/** Fewer requests than in simulate.mjs, for there are many runs; and no common start, so that 50 processes are 50 cases. */
const SPARSE = {
  gaps: WORLD.gaps.map((gap) => Math.max(gap, 10 * SECOND)),
  startsWithin: HOUR,
}
/** What jitter is for: a busy fleet that starts together, and nothing else that could tell its processes apart. */
const BUSY = {
  duration: 6 * HOUR,
  gaps: Array(50).fill(0.2 * SECOND),
  outages: { ...WORLD.outages, count: 0 },
  errorRate: 0,
}

/** @typedef {Record<string, number>} Constants */
/** @typedef {(constants: Constants, life: number) => Promise<import('./tally.mjs').Summary>} Measure */

/** @param {Partial<import('./trace.mjs').World>} changes @param {number} days @returns {Measure} */
function measureIn(changes, days) {
  const traces = LIVES.map((life) =>
    Array.from({ length: days }, (_, day) => traceOf(day + 1, { ...changes, tokenLife: life * SECOND })),
  )
  return async (constants, life) => {
    const strategy = library(await variantWith(constants))
    const all = []
    for (const trace of traces[LIVES.indexOf(life)]) all.push(await run(trace, strategy))
    return summaryOf(all)
  }
}

/**
 * A table of variants: for each life of a token so many figures.
 *
 * @param {string} title
 * @param {Measure} measure
 * @param {Record<string, Constants>} variants
 * @param {Record<string, (summary: import('./tally.mjs').Summary) => number>} figures
 */
async function tabulate(title, measure, variants, figures) {
  const head = [title, ...LIVES.flatMap((life) => Object.keys(figures).map((figure) => `${life} s: ${figure}`))]
  const rows = []
  for (const [name, constants] of Object.entries(variants)) {
    const cells = []
    for (const life of LIVES) {
      const summary = await measure(constants, life)
      cells.push(...Object.values(figures).map((figure) => count(figure(summary))))
    }
    rows.push([(await isDefault(constants)) ? `${name} (default)` : name, ...cells])
  }
  console.log(`${inTerminal(head, rows)}\n`)
  return inMarkdown(head, rows)
}

/** @param {Constants} constants */
async function isDefault(constants) {
  const defaults = await Promise.all(Object.keys(constants).map(constantOf))
  return Object.values(constants).every((value, at) => value === defaults[at])
}

const ahead = (/** @type {number} */ part, /** @type {number} */ most) => ({
  AHEAD_PART: part,
  MOST_AHEAD: most * MINUTE,
})
const leeway = (/** @type {number} */ part, /** @type {number} */ most) => ({
  LEEWAY_PART: part,
  MOST_LEEWAY: most * SECOND,
})
const pauses = (/** @type {number} */ first, /** @type {number} */ longest) => ({
  FIRST_PAUSE: first * SECOND,
  LONGEST_PAUSE: longest * SECOND,
})
const jitter = (/** @type {number} */ part) => ({ JITTER: part })

/** @type {Parameters<typeof tabulate>[3]} */
const FIGURES = {
  failed: ({ failures }) => failures.total,
  'token calls': ({ tokenCalls }) => tokenCalls.total,
}

const begun = performance.now()
const sparse = measureIn(SPARSE, DAYS)
const tables = {
  ahead: await tabulate(
    'renewAhead',
    sparse,
    {
      '10 %, 5 min': ahead(0.1, 5),
      '25 %, 1 min': ahead(0.25, 1),
      '25 %, 5 min': ahead(0.25, 5),
      '25 %, 10 min': ahead(0.25, 10),
      '25 %, 15 min': ahead(0.25, 15),
      '33 %, 15 min': ahead(1 / 3, 15),
      '50 %, 5 min': ahead(0.5, 5),
      '50 %, 10 min': ahead(0.5, 10),
      '50 %, 20 min': ahead(0.5, 20),
    },
    FIGURES,
  ),
  leeway: await tabulate(
    'leeway',
    sparse,
    {
      none: leeway(0.1, 0),
      '10 %, 5 s': leeway(0.1, 5),
      '10 %, 10 s': leeway(0.1, 10),
      '5 %, 30 s': leeway(0.05, 30),
      '10 %, 30 s': leeway(0.1, 30),
      '10 %, 60 s': leeway(0.1, 60),
    },
    { ...FIGURES, 401: ({ refusals }) => refusals },
  ),
  skewed: await tabulate(
    'leeway, clocks ±20 s',
    measureIn({ ...SPARSE, clockError: 20 * SECOND }, DAYS),
    {
      none: leeway(0.1, 0),
      '10 %, 10 s': leeway(0.1, 10),
      '10 %, 30 s': leeway(0.1, 30),
    },
    { ...FIGURES, 401: ({ refusals }) => refusals },
  ),
  backoff: await tabulate(
    'pauses after failures',
    sparse,
    {
      '3 s': pauses(3, 3),
      '1 to 10 s': pauses(1, 10),
      '1 to 30 s': pauses(1, 30),
      '1 to 60 s': pauses(1, 60),
    },
    { failed: FIGURES.failed, 'calls in outages': ({ tokenCalls }) => tokenCalls.duringOutages },
  ),
  jitter: await tabulate(
    'jitter of renewAhead',
    measureIn(BUSY, 1),
    { none: jitter(0), '±5 %': jitter(0.05), '±10 %': jitter(0.1), '±20 %': jitter(0.2) },
    {
      'calls in the worst second': ({ tokenCalls }) => tokenCalls.worstLaterSecond,
      'token calls': FIGURES['token calls'],
    },
  ),
}
console.log(`${((performance.now() - begun) / 1000).toFixed(0)} s of real time`)
