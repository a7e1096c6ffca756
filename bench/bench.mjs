import { writeFile } from 'node:fs/promises'
import os from 'node:os'
import { parseArgs } from 'node:util'
import { BARE, CONTESTANTS, versionOf } from './contestants.mjs'
import { writePage } from './page.mjs'
import { tablesOf } from './report.mjs'
import { freshToken } from './scenarios/fresh-token.mjs'
import { memory } from './scenarios/memory.mjs'
import { renewal, storms } from './scenarios/storm.mjs'
import { importTimes, parts, sizes } from './scenarios/weight.mjs'
import { inTerminal } from './simulation/table.mjs'

const { values } = parseArgs({ options: { quick: { type: 'boolean', default: false } } })
const plan = { isQuick: values.quick }
const begun = performance.now()

/** @template Answer @param {string} what @param {() => Promise<Answer>} measure */
async function measured(what, measure) {
  console.error(`${((performance.now() - begun) / 1000).toFixed(0).padStart(4)} s  ${what}`)
  return measure()
}

const packages = [...new Set(CONTESTANTS.flatMap(({ from }) => from ?? []))]

/** @typedef {typeof results} Results */
const results = {
  date: new Date().toISOString().slice(0, 10),
  machine: { node: process.version, cpu: os.cpus()[0].model, cores: os.availableParallelism() },
  versions: Object.fromEntries(['axios', 'p-memoize', ...packages].map((name) => [name, versionOf(name)])),
  noReplay: Object.fromEntries(
    [BARE, ...CONTESTANTS].flatMap(({ name, noReplay }) => (noReplay ? [[name, noReplay]] : [])),
  ),
  freshToken: await measured('requests with a fresh token', () => freshToken(plan)),
  storms: await measured('10,000 requests at once', () => storms(plan)),
  renewal: await measured('a renewal', renewal),
  memory: await measured('memory', () => memory(plan)),
  importTime: await measured('import time', () => importTimes(plan)),
  size: await measured('size', sizes),
  parts: await parts(),
}

for (const { title, head, rows } of tablesOf(results)) console.log(`\n${title}\n\n${inTerminal(head, rows)}`)

if (plan.isQuick) console.log('\nA quick run: nothing was written.')
else {
  await writeFile(new URL('results.json', import.meta.url), `${JSON.stringify(results, null, 2)}\n`)
  await writePage(results)
}
console.log(`\n${((performance.now() - begun) / 1000).toFixed(0)} s`)
