// Runs one suite, runtimes/suite, on the packed library in each runtime that runtimes/package.json names, and writes the
// figures into docs/compatibility.md. Arguments are names: npm run test:runtimes -- bun deno
import { spawnSync } from 'node:child_process'
import { rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { inMarkdown } from '../bench/simulation/table.mjs'
import { consumerProject, packLibrary } from '../runtimes/consumer-project.mjs'
import { runtimes, versionOf } from '../runtimes/runtimes.mjs'
import { startStage } from '../runtimes/stage/stage.mjs'
import { today, writeSection } from './page-section.mjs'

const wanted = process.argv.slice(2)
const unknown = wanted.filter((name) => !runtimes.some((runtime) => runtime.name === name))
if (unknown.length > 0) {
  console.error(`There is no ${unknown.join(', ')}, only ${runtimes.map(({ name }) => name).join(', ')}`)
  process.exit(1)
}

const root = fileURLToPath(new URL('..', import.meta.url))
const npm = spawnSync('npm', ['ci', '--prefix', 'runtimes', '--prefer-offline'], {
  cwd: root,
  stdio: 'inherit',
})
if (npm.status !== 0) process.exit(1)

const pack = packLibrary()
const rows = []
try {
  const projects = { 8: consumerProject(pack, 8), 9: consumerProject(pack, 9) }
  for (const runtime of runtimes)
    if (wanted.length === 0 || wanted.includes(runtime.name))
      rows.push(await row(runtime, projects[runtime.memoize]))
} finally {
  rmSync(pack.folder, { recursive: true })
}

const HEAD = ['runtime', 'axios', 'p-memoize', 'adapters', 'passed', 'failed']
const figures = inMarkdown(
  HEAD,
  rows.map(({ cells }) => cells),
)
console.log(`\n${figures}`)
const machine = `${process.platform} ${process.arch}`
if (wanted.length === 0)
  writeSection('docs/compatibility.md', 'runtimes', `On ${machine}, ${today()}.\n\n${figures}`)
if (rows.some(({ isGood }) => !isGood)) process.exitCode = 1

/**
 * @param {import('../runtimes/runtimes.mjs').Runtime} runtime
 * @param {ReturnType<typeof consumerProject>} consumer
 */
async function row({ title, folder, run }, { project, memoize }) {
  const name = `${title} ${versionOf(folder)}`
  console.log(`\n${name}`)
  const stage = await startStage()
  try {
    const { axios, adapters, results, printed } = await run(project, stage.url)
    results.push(lookAtPrinted(printed, stage.credentials()))
    const failures = results.filter(({ failure }) => failure)
    for (const { title, failure } of failures) console.log(`failed: ${title}\n${failure}`)
    const passed = results.length - failures.length
    const cells = [name, axios, memoize, adapters.join(', '), passed, failures.length]
    return { cells: cells.map(String), isGood: failures.length === 0 }
  } finally {
    await stage.close()
  }
}

/**
 * How each runtime's console shows an error cannot be seen from within.
 *
 * @param {string} printed
 * @param {string[]} credentials
 * @returns {import('../runtimes/suite/run-checks.mjs').Result}
 */
function lookAtPrinted(printed, credentials) {
  const title = 'an error that goes to the console shows no credentials'
  const shown = credentials.filter((text) => printed.includes(text))
  if (credentials.length === 0) return { title, failure: 'no credentials were sent' }
  if (!printed.includes('status code 500')) return { title, failure: `nothing was printed:\n${printed}` }
  return shown.length === 0
    ? { title }
    : { title, failure: `it shows ${shown.length} of ${credentials.length}` }
}
