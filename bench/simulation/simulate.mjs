import { parseArgs } from 'node:util'
import { tokenSource } from '../../dist/index.js'
import { writeChart } from './chart.mjs'
import { writeSection } from './page.mjs'
import { run } from './run.mjs'
import { azureLike } from './strategies/azure-like.mjs'
import { fixedMargin } from './strategies/fixed-margin.mjs'
import { library } from './strategies/library.mjs'
import { naive } from './strategies/naive.mjs'
import { count, inMarkdown, inTerminal, minutes, seconds } from './table.mjs'
import { summaryOf } from './tally.mjs'
import { SECOND, traceOf } from './trace.mjs'

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { days: { type: 'string', default: '10' } },
})
const seed = Number(positionals[0] ?? 1)
const dayCount = Number(values.days)
if (!Number.isInteger(seed) || !Number.isInteger(dayCount) || dayCount < 1) {
  console.error('Usage: npm run simulate -- [seed] [--days 10]')
  process.exit(1)
}

/** @type {Record<string, import('./run.mjs').Strategy>} */
const STRATEGIES = {
  'this library': library(tokenSource),
  naive,
  '300 s margin': fixedMargin(300 * SECOND),
  '60 s margin': fixedMargin(60 * SECOND),
  'Azure-like': azureLike,
}

/** @type {[label: string, figure: (summary: import('./tally.mjs').Summary) => string][]} */
const ROWS = [
  ['API requests', ({ requests }) => count(requests)],
  ['waited for a token call', ({ waits }) => count(waits.count)],
  ['· with a valid token in hand', ({ waits }) => count(waits.withValidToken)],
  ['· all waits together, minutes', ({ waits }) => minutes(waits.total)],
  ['· 95th percentile, seconds', ({ waits }) => seconds(waits.p95)],
  ['failed', ({ failures }) => count(failures.total)],
  ['· on the best day', ({ failures }) => count(failures.least)],
  ['· on the worst day', ({ failures }) => count(failures.most)],
  ['· with a valid token in hand', ({ failures }) => count(failures.withValidToken)],
  ['· without one, while the issuer was up', ({ failures }) => count(failures.issuerUp)],
  ['· no valid token could be had', ({ failures }) => count(failures.noToken)],
  ['401 from the API', ({ refusals }) => count(refusals)],
  ['token calls', ({ tokenCalls }) => count(tokenCalls.total)],
  ['· during outages', ({ tokenCalls }) => count(tokenCalls.duringOutages)],
  ['· in the worst second of all days', ({ tokenCalls }) => count(tokenCalls.worstSecond)],
  ['· the same after the first minute', ({ tokenCalls }) => count(tokenCalls.worstLaterSecond)],
]

/** @type {Record<string, import('./tally.mjs').Day[]>} */
const days = Object.fromEntries(Object.keys(STRATEGIES).map((name) => [name, []]))
const begun = performance.now()
let outageMinutes = 0
for (let day = 0; day < dayCount; day++) {
  const trace = traceOf(seed + day)
  outageMinutes += trace.outages.reduce((sum, { from, to }) => sum + (to - from) / 60_000, 0) / dayCount
  for (const [name, strategy] of Object.entries(STRATEGIES)) days[name].push(await run(trace, strategy))
}

const summaries = Object.entries(days).map(([name, all]) => ({ name, ...summaryOf(all) }))
const head = ['per day', ...summaries.map(({ name }) => name)]
const rows = ROWS.map(([label, figure]) => [label, ...summaries.map(figure)])
const span = dayCount === 1 ? '1 day' : `the mean of ${dayCount} days`

console.log(
  `Seed ${seed}: ${span}, 50 processes, tokens of 600 s, an issuer that is out for ${outageMinutes.toFixed(0)} minutes a day\n`,
)
console.log(inTerminal(head, rows))
console.log(`\n${((performance.now() - begun) / 1000).toFixed(0)} s of real time`)

await writeChart(summaries, { span, seed })
await writeSection(
  'figures',
  [
    `Seed ${seed}, ${span}; the issuer was out for ${outageMinutes.toFixed(0)} minutes a day.`,
    inMarkdown(head, rows),
  ].join('\n\n'),
)
