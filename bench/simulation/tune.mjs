import { writeSection } from './page.mjs'
import { run } from './run.mjs'
import { library } from './strategies/library.mjs'
import { count, inMarkdown, inTerminal } from './table.mjs'
import { summaryOf } from './tally.mjs'
import { HOUR, MINUTE, SECOND, traceOf, WORLD } from './trace.mjs'
import { constantOf, variantWith } from './variant.mjs'

const DAYS = 20
const LIVES = [200, 600, 3600]

/** There are many runs: fewer processes and requests than in simulate.mjs, but more outages. No common start. */
const SPARSE = {
  gaps: [...Array(12).fill(10 * SECOND), 1 * MINUTE, 5 * MINUTE, 20 * MINUTE],
  startsWithin: HOUR,
}
const SKEWED = { ...SPARSE, clockError: 20 * SECOND }
/** What jitter is for: a busy fleet that starts together, and nothing else that would tell its processes apart. */
const BUSY = {
  duration: 4 * HOUR,
  gaps: Array(50).fill(0.2 * SECOND),
  outages: { ...WORLD.outages, count: 0 },
  errorRate: 0,
}

/** @typedef {import('./tally.mjs').Summary} Summary */
/** @typedef {(summary: Summary) => number} Figure */
/**
 * One constant of the renewal policy after the other gets other values.
 *
 * @typedef {object} Question
 * @property {string} title
 * @property {Partial<typeof WORLD>} world
 * @property {number} [days]
 * @property {Record<string, Record<string, number>>} variants
 * @property {Record<string, Figure>} figures
 */

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

/** @type {Figure} */
const failed = ({ failures }) => failures.total
/** @type {Figure} */
const calls = ({ tokenCalls }) => tokenCalls.total
/** @type {Figure} */
const refused = ({ refusals }) => refusals

/** @type {Record<string, Question>} */
const QUESTIONS = {
  ahead: {
    title: 'renewAhead',
    world: SPARSE,
    variants: {
      '10 %, 5 min': ahead(0.1, 5),
      '25 %, 1 min': ahead(0.25, 1),
      '25 %, 5 min': ahead(0.25, 5),
      '25 %, 10 min': ahead(0.25, 10),
      '25 %, 15 min': ahead(0.25, 15),
      '33 %, 10 min': ahead(1 / 3, 10),
      '50 %, 5 min': ahead(0.5, 5),
      '50 %, 20 min': ahead(0.5, 20),
    },
    figures: { failed, 'token calls': calls },
  },
  leeway: {
    title: 'leeway, clocks ±2 s',
    world: SPARSE,
    variants: {
      none: leeway(0.1, 0),
      '10 %, 5 s': leeway(0.1, 5),
      '10 %, 10 s': leeway(0.1, 10),
      '10 %, 30 s': leeway(0.1, 30),
      '10 %, 60 s': leeway(0.1, 60),
    },
    figures: { failed, '401s': refused },
  },
  skewed: {
    title: 'leeway, clocks ±20 s',
    world: SKEWED,
    variants: { none: leeway(0.1, 0), '10 %, 10 s': leeway(0.1, 10), '10 %, 30 s': leeway(0.1, 30) },
    figures: { failed, '401s': refused },
  },
  pauses: {
    title: 'pauses',
    world: SPARSE,
    variants: {
      '3 s each': pauses(3, 3),
      '1 to 10 s': pauses(1, 10),
      '1 to 30 s': pauses(1, 30),
      '1 to 60 s': pauses(1, 60),
    },
    figures: { failed, 'calls in outages': ({ tokenCalls }) => tokenCalls.duringOutages },
  },
  jitter: {
    title: 'jitter',
    world: BUSY,
    days: 1,
    variants: { none: jitter(0), '±5 %': jitter(0.05), '±10 %': jitter(0.1), '±20 %': jitter(0.2) },
    figures: { 'worst second': ({ tokenCalls }) => tokenCalls.worstLaterSecond },
  },
}

/** @typedef {{ name: string, isDefault: boolean, strategy: import('./run.mjs').Strategy }} Variant */

/** All are built before the first is run, from the same sources. @param {Question} question @returns {Promise<Variant[]>} */
async function variantsOf({ title, variants }) {
  const built = await Promise.all(
    Object.entries(variants).map(async ([name, constants]) => {
      const defaults = await Promise.all(Object.keys(constants).map(constantOf))
      return {
        name,
        isDefault: Object.values(constants).every((value, at) => Math.abs(value - defaults[at]) < 1e-9),
        strategy: library(await variantWith(constants)),
      }
    }),
  )
  if (!built.some(({ isDefault }) => isDefault)) throw new Error(`${title}: add the default to the variants`)
  return built
}

/** One summary for each variant and life. @param {Question} question @param {Variant[]} variants */
async function measure({ world, days = DAYS }, variants) {
  /** @type {import('./tally.mjs').Day[][][]} */
  const measured = variants.map(() => LIVES.map(() => []))
  for (let seed = 1; seed <= days; seed++) {
    for (const [life, tokenLife] of LIVES.entries()) {
      const trace = traceOf(seed, { ...world, tokenLife: tokenLife * SECOND })
      for (const [at, { strategy }] of variants.entries()) measured[at][life].push(await run(trace, strategy))
    }
  }
  return measured.map((lives) => lives.map(summaryOf))
}

const begun = performance.now()
const asked = await Promise.all(
  Object.entries(QUESTIONS).map(async ([name, question]) => ({
    name,
    question,
    variants: await variantsOf(question),
  })),
)
/** @type {Record<string, string>} */
const tables = {}
/** The figures of one variant, by life. @type {Record<string, Record<string, Summary[]>>} */
const summaries = {}

for (const { name, question, variants } of asked) {
  const measured = await measure(question, variants)
  const { title, figures } = question
  const head = [
    title,
    ...LIVES.flatMap((life) => Object.keys(figures).map((figure) => `${life} s: ${figure}`)),
  ]
  const rows = variants.map(({ name, isDefault }, at) => [
    isDefault ? `${name} (default)` : name,
    ...measured[at].flatMap((summary) => Object.values(figures).map((figure) => count(figure(summary)))),
  ])
  console.log(`${inTerminal(head, rows)}\n`)
  tables[name] = inMarkdown(head, rows)
  summaries[name] = Object.fromEntries(variants.map(({ name }, at) => [name, measured[at]]))
}
console.log(`${((performance.now() - begun) / 1000).toFixed(0)} s of real time`)

/** How a figure differs between two variants, for tokens of a life. @param {Figure} figure @param {number} life @param {Record<string, Summary[]>} of @param {[string, string]} variants */
function change(figure, life, of, [from, to]) {
  const [before, after] = [from, to].map((variant) => figure(of[variant][LIVES.indexOf(life)]))
  const part = Math.round((after / before - 1) * 100)
  return `${count(before)} → ${count(after)} (${part < 0 ? '−' : '+'}${Math.abs(part)} %)`
}
const aheads = (/** @type {Figure} */ figure, /** @type {number} */ life) =>
  change(figure, life, summaries.ahead, ['25 %, 5 min', '33 %, 10 min'])

const isQuarter = asked
  .find(({ name }) => name === 'ahead')
  ?.variants.find(({ name }) => name === '25 %, 5 min')?.isDefault
const verdict = isQuarter ? ' These figures speak for 33 %, 10 min; the default is 25 %, 5 min.' : ''

await writeSection(
  'defaults',
  `\`bench/simulation/tune.mjs\` runs the library with other constants, for tokens of 200, 600 and 3600 s, through the
${DAYS * WORLD.outages.count} outages of seeds 1 to ${DAYS}. A smaller fleet than above: 12 processes with a request in 10 s, 3 quiet ones, no common
start. Figures are per day. A row names the part of the life, and the most.

${tables.ahead}

\`renewAhead\` bridges an outage that is shorter than itself. A larger part costs token calls all day. A
higher cap costs few, and only with tokens that live long.${verdict}

From 25 %, 5 min to 33 %, 10 min:

| life | failed | token calls |
| --- | ---: | ---: |
${LIVES.map((life) => `| ${life} s | ${aheads(failed, life)} | ${aheads(calls, life)} |`).join('\n')}

${tables.leeway}

${tables.skewed}

\`leeway\` keeps a token from being over when it arrives. Too little costs a 401 and a replay that no caller sees. In an
outage it costs nothing: while no other token can be had, the held one is used to its end.

${tables.pauses}

Long pauses between failed renewals lose next to nothing: once the token is over, the next request asks at once. They spare
the issuer.

${tables.jitter}

Token calls in the worst second of 4 hours, after the first minute: 50 processes that started together, five requests a
second each, no outages.`,
)
