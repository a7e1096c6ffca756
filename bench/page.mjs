import { readFile, writeFile } from 'node:fs/promises'
import { writeChart } from './chart.mjs'
import { chartsOf, tablesOf } from './report.mjs'
import { inMarkdown } from './simulation/table.mjs'

const PAGE = new URL('../docs/benchmarks.md', import.meta.url)
const FRAME = new URL('./page.md', import.meta.url)

/** Puts the figures into docs/benchmarks.md, whose words are in page.md. @param {import('./bench.mjs').Results} results */
export async function writePage(results) {
  for (const [file, chart] of Object.entries(chartsOf(results))) await writeChart(file, chart)
  const tables = tablesOf(results)
  const frame = await readFile(FRAME, 'utf8')
  const page = frame.replaceAll(/<!-- (\w+) -->/g, (_, section) => {
    if (section === 'circumstances') return circumstances(results)
    if (section === 'verdict') return verdict(tables)
    const table = tables.find(({ key }) => key === section)
    if (!table) throw new Error(`There are no figures for ${section}`)
    return inMarkdown(table.head, table.rows)
  })
  await writeFile(PAGE, page)
}

/** @param {import('./bench.mjs').Results} results */
function circumstances({ date, machine: { node, cpu, cores }, versions }) {
  const packages = Object.entries(versions).map(([name, version]) => `${name} ${version}`)
  return `Measured on ${date} with Node ${node.slice(1)} on ${cores} cores of ${cpu}: ${packages.join(', ')}.`
}

/** @param {ReturnType<typeof tablesOf>} tables */
function verdict(tables) {
  const rows = tables.find(({ key }) => key === 'held')?.rows ?? []
  const missed = rows.filter((row) => row.at(-1) !== 'held').length
  return missed === 0
    ? `All ${rows.length} figures are held.`
    : `${rows.length - missed} of ${rows.length} figures are held, ${missed} are missed.`
}
