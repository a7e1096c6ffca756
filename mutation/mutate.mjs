// Changes src in one place after another, and runs the tests on each change. Tells the changes that no test noticed, unless
// survivors.md explains them. Arguments go to Stryker: npm run mutate -- --mutate src/challenge.ts
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const LOWEST_SCORE = 90
const root = fileURLToPath(new URL('..', import.meta.url))

run('npm', ['ci', '--prefix', 'mutation', '--prefer-offline', '--silent'])
run(process.execPath, [
  'mutation/node_modules/@stryker-mutator/core/bin/stryker.js',
  'run',
  'mutation/stryker.config.mjs',
  ...process.argv.slice(2),
])

const { files } = JSON.parse(readFileSync(`${root}.mutation/report.json`, 'utf8'))
const explained = explanations(readFileSync(`${root}mutation/survivors.md`, 'utf8'))
const all = Object.entries(files).flatMap(([file, { source, mutants }]) =>
  mutants.map((mutant) => {
    const code = lineOf(source, mutant)
    return { ...mutant, file, code, key: `${file}: ${code}` }
  }),
)
const noticed = all.filter(({ status }) => status === 'Killed' || status === 'Timeout')
const survivors = all.filter(({ status }) => status === 'Survived' || status === 'NoCoverage')
const unexplained = survivors.filter(({ key }) => !explained.has(key))
const keysOf = (mutants) => new Set(mutants.map(({ key }) => key))
const surviving = keysOf(survivors)
const lines = Object.entries(files).flatMap(([file, { source }]) =>
  source.split('\n').map((line) => `${file}: ${line.trim()}`),
)
// Of a file that was run in part, the lines that were not run say nothing, unless they are there no more.
const tested = keysOf(noticed)
const isSilent = (key) => lines.includes(key) && !tested.has(key)
const stale = [...explained].filter(
  (key) => key.split(':')[0] in files && !surviving.has(key) && !isSilent(key),
)
const score = (noticed.length / (noticed.length + survivors.length)) * 100

for (const { file, code, location, replacement } of unexplained)
  console.log(
    `No test noticed: ${file}:${location.start.line} ${code}\n  ${location.start.column}: ${replacement}`,
  )
for (const key of stale) console.log(`Explained, but noticed now: ${key}`)
console.log(
  `${noticed.length} noticed, ${survivors.length} not (${unexplained.length} unexplained): ${score.toFixed(1)} %`,
)
// A file of a few lines is mostly what is explained.
const isTooLow = process.argv.length === 2 && score < LOWEST_SCORE
if (isTooLow || unexplained.length > 0 || stale.length > 0) process.exitCode = 1

function lineOf(source, { location }) {
  return source.split('\n')[location.start.line - 1].trim()
}

/** `file: line` of each line whose survivors are explained. */
function explanations(page) {
  let file = ''
  const keys = new Set()
  for (const line of page.split('\n')) {
    file = /^## `(.+)`$/.exec(line)?.[1] ?? file
    const [, , code] = /^- (`+) ?(.+?) ?\1: ./.exec(line) ?? []
    if (code) keys.add(`${file}: ${code}`)
  }
  return keys
}

function run(command, args) {
  const { status } = spawnSync(command, args, { cwd: root, stdio: 'inherit' })
  if (status !== 0) process.exit(1)
}
