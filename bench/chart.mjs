import { writeFile } from 'node:fs/promises'

const WIDTH = 860
// A letter of a name that is ours, and bold, in the widest of the fonts.
const LETTER = 8
const MARGIN = 10
const ROW = 26
const BAR = 16
const TOP = 84
const GAP = 20
// Beside the longest bar there is room for its figure.
const FIGURE = 54

/**
 * @typedef {object} Column
 * @property {string} title
 * @property {string} unit
 * @property {(number | undefined)[]} figures one a row; without one it says `missing`
 * @property {(figure: number) => string} show
 * @property {string} [missing]
 */

/**
 * Writes a chart of bars into docs/.
 *
 * @param {string} file
 * @param {{ heading: string, rows: { name: string, isOurs: boolean }[], columns: Column[], note: string }} chart
 */
export async function writeChart(file, { heading, rows, columns, note }) {
  const namesWidth = Math.max(...rows.map(({ name }) => name.length)) * LETTER + MARGIN
  const pitch = (WIDTH - namesWidth - GAP) / columns.length
  const bottom = TOP + rows.length * ROW
  const height = bottom + 36
  const middle = (/** @type {number} */ row) => TOP + row * ROW + ROW / 2
  const ours = (/** @type {number} */ row) => (rows[row].isOurs ? ' ours' : '')

  const names = rows.map(
    ({ name }, row) =>
      `<text class="name${ours(row)}" x="${namesWidth}" y="${middle(row) + 4}" text-anchor="end">${name}</text>`,
  )
  const drawn = columns.map(({ title, unit, figures, show, missing }, at) => {
    const left = namesWidth + GAP / 2 + at * pitch
    const scale = (pitch - GAP - FIGURE) / Math.max(...figures.map((figure) => figure ?? 0), Number.MIN_VALUE)
    const bars = figures.map((figure, row) => {
      const length = Math.max(0, figure ?? 0) * scale
      const text = figure === undefined ? missing : show(figure)
      return [
        `<rect class="bar${ours(row)}" x="${left}" y="${middle(row) - BAR / 2}" width="${length.toFixed(1)}" height="${BAR}"/>`,
        `<text class="${figure === undefined ? 'unit' : `figure${ours(row)}`}" x="${(left + length + 6).toFixed(1)}" y="${middle(row) + 4}">${text}</text>`,
      ].join('\n')
    })
    return [
      `<text class="title" x="${left}" y="${TOP - 26}">${title}</text>`,
      `<text class="unit" x="${left}" y="${TOP - 10}">${unit}</text>`,
      `<path class="axis" d="M${left} ${TOP}V${bottom}"/>`,
      ...bars,
    ].join('\n')
  })
  const spoken = rows.map(({ name }, row) =>
    [
      name,
      ...columns.map(({ figures, show, missing }) => {
        const figure = figures[row]
        return figure === undefined ? missing : show(figure)
      }),
    ].join(', '),
  )

  await writeFile(
    new URL(`../docs/${file}`, import.meta.url),
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" width="${WIDTH}" height="${height}" role="img" aria-labelledby="title description">
<title id="title">${heading}</title>
<desc id="description">${columns.map(({ title, unit }) => `${title}, ${unit}`).join('; ')}. ${spoken.join('. ')}.</desc>
<style>
  svg { --ground: #fff; --ink: #1f2328; --soft: #59636e; --bar: #a8b1bb; --ours: #0969da; color-scheme: light dark }
  @media (prefers-color-scheme: dark) {
    svg { --ground: #0d1117; --ink: #f0f6fc; --soft: #9198a1; --bar: #59636e; --ours: #4493f8 }
  }
  text { font: 13px system-ui, -apple-system, 'Segoe UI', sans-serif; fill: var(--ink) }
  text.ours, .title { font-weight: 600 }
  .heading { font-size: 15px; font-weight: 600 }
  .unit { font-size: 12px; fill: var(--soft) }
  .ground { fill: var(--ground) }
  .bar { fill: var(--bar) }
  .bar.ours { fill: var(--ours) }
  .axis { stroke: var(--soft); fill: none }
</style>
<rect class="ground" width="${WIDTH}" height="${height}" rx="8"/>
<text class="heading" x="16" y="26">${heading}</text>
${names.join('\n')}
${drawn.join('\n')}
<text class="unit" x="16" y="${bottom + 22}">${note}</text>
</svg>
`,
  )
}
