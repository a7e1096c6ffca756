import { writeFile } from 'node:fs/promises'
import { count } from './table.mjs'

const CHART = new URL('../../docs/simulation.svg', import.meta.url)

const WIDTH = 860
const NAMES = 116
const ROW = 26
const BAR = 16
const TOP = 84
const GAP = 24
// Beside the longest bar there is room for its figure.
const FIGURE = 56

/** @typedef {import('./tally.mjs').Summary & { name: string }} Named */

/** `needless` is the part of a figure that came about with a valid token in hand. */
const COLUMNS = [
  {
    title: 'Requests that waited',
    unit: 'for a token call, per day',
    all: (/** @type {Named} */ { waits }) => waits.count,
    needless: (/** @type {Named} */ { waits }) => waits.withValidToken,
  },
  {
    title: 'Requests that failed',
    unit: 'for want of a token, per day',
    all: (/** @type {Named} */ { failures }) => failures.total,
    needless: (/** @type {Named} */ { failures }) => failures.withValidToken,
  },
  {
    title: 'Token calls',
    unit: 'in the worst second¹',
    all: (/** @type {Named} */ { tokenCalls }) => tokenCalls.worstLaterSecond,
    needless: () => 0,
  },
]

/**
 * Writes docs/simulation.svg. The first strategy is ours.
 *
 * @param {Named[]} summaries
 * @param {{ span: string, seed: number }} run
 */
export async function writeChart(summaries, { span, seed }) {
  const pitch = (WIDTH - NAMES - GAP) / COLUMNS.length
  const bottom = TOP + summaries.length * ROW
  const height = bottom + 56
  const middle = (/** @type {number} */ row) => TOP + row * ROW + ROW / 2

  const names = summaries.map(
    ({ name }, row) =>
      `<text class="${row === 0 ? 'ours' : ''}" x="${NAMES}" y="${middle(row) + 4}" text-anchor="end">${name}</text>`,
  )
  const columns = COLUMNS.map(({ title, unit, all, needless }, at) => {
    const left = NAMES + GAP / 2 + at * pitch
    const scale = (pitch - GAP - FIGURE) / Math.max(...summaries.map(all), 1)
    const width = (/** @type {number} */ figure) => (figure * scale).toFixed(1)
    const bars = summaries.map((summary, row) => {
      const [whole, part] = [all(summary), needless(summary)]
      const y = middle(row) - BAR / 2
      return [
        `<rect class="bar${row === 0 ? ' ours' : ''}" x="${left}" y="${y}" width="${width(whole)}" height="${BAR}"/>`,
        part * scale >= 0.5 &&
          `<rect class="needless" x="${(left + (whole - part) * scale).toFixed(1)}" y="${y}" width="${width(part)}" height="${BAR}"/>`,
        `<text class="${row === 0 ? 'ours' : ''}" x="${(left + whole * scale + 6).toFixed(1)}" y="${middle(row) + 4}">${count(whole)}</text>`,
      ]
        .filter(Boolean)
        .join('\n')
    })
    return [
      `<text class="title" x="${left}" y="${TOP - 26}">${title}</text>`,
      `<text class="unit" x="${left}" y="${TOP - 10}">${unit}</text>`,
      `<path class="axis" d="M${left} ${TOP}V${bottom}"/>`,
      ...bars,
    ].join('\n')
  })
  const spoken = summaries.map((summary) =>
    COLUMNS.map(({ all }) => count(all(summary))).reduce(
      (text, figure) => `${text}, ${figure}`,
      summary.name,
    ),
  )

  await writeFile(
    CHART,
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="title description">
<title id="title">How requests and the issuer fare with five ways to keep a token</title>
<desc id="description">Requests that waited, requests that failed, token calls in the worst second. ${spoken.join('. ')}.</desc>
<style>
  svg { --ground: #fff; --ink: #1f2328; --soft: #59636e; --bar: #a8b1bb; --ours: #0969da; --needless: #e0812b; color-scheme: light dark }
  @media (prefers-color-scheme: dark) {
    svg { --ground: #0d1117; --ink: #f0f6fc; --soft: #9198a1; --bar: #59636e; --ours: #4493f8; --needless: #e0812b }
  }
  text { font: 13px system-ui, -apple-system, 'Segoe UI', sans-serif; fill: var(--ink) }
  text.ours, .title { font-weight: 600 }
  .heading { font-size: 15px; font-weight: 600 }
  .unit, .note { font-size: 12px; fill: var(--soft) }
  .ground { fill: var(--ground) }
  .bar { fill: var(--bar) }
  .bar.ours { fill: var(--ours) }
  .needless { fill: var(--needless) }
  .axis { stroke: var(--soft); fill: none }
</style>
<rect class="ground" width="${WIDTH}" height="${height}" rx="8"/>
<text class="heading" x="${NAMES + GAP / 2}" y="26">50 processes, tokens of 10 minutes, an issuer that is out ten times a day</text>
${names.join('\n')}
${columns.join('\n')}
<rect class="needless" x="${NAMES + GAP / 2}" y="${bottom + 15}" width="12" height="12"/>
<text class="note" x="${NAMES + GAP / 2 + 18}" y="${bottom + 25}">with a valid token in hand</text>
<text class="note" x="${NAMES + GAP / 2}" y="${bottom + 43}">Seed ${seed}, ${span}. ¹ of all days, after the first minute, in which all 50 start.</text>
</svg>
`,
  )
}
