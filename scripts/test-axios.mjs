// Runs the tests of what users see with each version of axios that compat/package.json names, and with the one that is
// installed here, and writes their figures into docs/compatibility.md. Arguments are versions: npm run test:axios -- 1.7 1.8
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { inMarkdown } from '../bench/simulation/table.mjs'
import { today, writeSection } from './page-section.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
// __tests__/*.test.ts and those beside plugins. Not the units, the package or the vendors, which look at no other axios.
// Nor the faults: what a broken connection looks like is axios's own, and has changed.
const BEHAVIOUR = String.raw`__tests__/(companions/)?(?!faults|canaries)[^/]+\.test\.ts$`
const COMPANIONS = ['axios-retry', 'axios-cache-interceptor', 'axios-mock-adapter', '@nestjs/axios']

const npm = spawnSync('npm', ['ci', '--prefix', 'compat'], { cwd: root, stdio: 'inherit' })
if (npm.status !== 0) process.exit(1)

const named = Object.keys(readJson('compat/package.json').dependencies)
  .filter((name) => name.startsWith('axios-'))
  .map((name) => ({ alias: name.slice('axios-'.length), version: versionOf(`compat/node_modules/${name}`) }))
const all = [...named, { alias: '', version: versionOf('node_modules/axios') }].sort((a, b) =>
  a.version.localeCompare(b.version, 'en', { numeric: true }),
)
const wanted = process.argv.slice(2)
const chosen = all.filter(
  ({ alias, version }) => wanted.length === 0 || wanted.includes(alias) || wanted.includes(version),
)

const folder = mkdtempSync(join(tmpdir(), 'test-axios-'))
const rows = chosen.map(run)
console.log(`\n${table(rows)}`)
if (wanted.length === 0) writePage(rows)
if (rows.some(({ isGood }) => !isGood)) process.exitCode = 1

function run({ alias, version }) {
  console.log(`\naxios ${version}`)
  const tally = join(folder, `${version}.json`)
  const reporters = ['--reporters=default', '--reporters=<rootDir>/compat/jest-reporter.cjs']
  const { status, stderr } = spawnSync(
    process.execPath,
    ['node_modules/jest/bin/jest.js', '--silent', ...reporters, '--testPathPatterns', BEHAVIOUR],
    {
      cwd: root,
      env: { ...process.env, AXIOS: alias, TALLY: tally },
      stdio: ['ignore', 'ignore', 'pipe'],
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
      timeout: 15 * 60_000, // Jest does not end while a test leaves a server open.
    },
  )
  if (status !== 0) console.log(stderr)
  const { passed, failed, skipped } = readJson(tally)
  for (const name of skipped) console.log(`skipped: ${name}`)
  return { version, passed, failed, skipped: skipped.length, isGood: failed === 0 && status === 0 }
}

function table(rows) {
  const cells = ({ version, passed, failed, skipped }) => [version, passed, failed, skipped].map(String)
  return inMarkdown(['axios', 'passed', 'failed', 'skipped'], rows.map(cells))
}

function writePage(rows) {
  const companions = COMPANIONS.map((name) => `${name} ${versionOf(`node_modules/${name}`)}`).join(', ')
  const circumstances = `Node ${process.versions.node}, ${today()}. With ${companions}.`
  writeSection('docs/compatibility.md', 'figures', `${circumstances}\n\n${table(rows)}`)
}

function readJson(file) {
  return JSON.parse(readFileSync(file.startsWith('/') ? file : join(root, file), 'utf8'))
}

function versionOf(folder) {
  return readJson(`${folder}/package.json`).version
}
