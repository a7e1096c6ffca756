// Runs the tests on src (with coverage), on dist, on src with the other major of p-memoize, and in browsers: all, even if
// one fails. Arguments go to all: npm test -- -t 'replay'. The results stay in .test-results/, where .ci/run counts them.
import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'

const results = '.test-results'
rmSync(results, { recursive: true, force: true })
mkdirSync(results)

function jest(name, args, env) {
  const report = ['--json', `--outputFile=${results}/${name}.json`]
  const { status } = spawnSync(
    process.execPath,
    ['node_modules/jest/bin/jest.js', ...report, ...args, ...process.argv.slice(2)],
    {
      stdio: 'inherit',
      env: { ...process.env, ...env },
      timeout: 10 * 60_000, // Jest does not end while a test leaves a server open.
    },
  )
  return status === 0
}

const passed = [
  jest('source', ['--coverage']),
  jest('cjs', [], { DIST: 'cjs' }),
  jest('p-memoize-9', [], { P_MEMOIZE: '9', FC_RUNS: '1000' }),
  // A path among the arguments may be of no test there.
  jest('browser', ['--config', '__tests__/browser/jest.config.cjs', '--passWithNoTests']),
]
process.exitCode = passed.every(Boolean) ? 0 : 1
