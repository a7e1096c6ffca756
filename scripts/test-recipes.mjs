// Runs the recipes that need packages of their own (React, Next.js, Nest, a generated client, an agent) and the examples of
// docs/migration.md, on what is built. Arguments go to Jest: npm run test:recipes -- next
import { spawnSync } from 'node:child_process'
import { mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const LONGEST_RUN = 20 * 60_000 // Jest does not end while a test leaves a server open.
const root = fileURLToPath(new URL('..', import.meta.url))
const recipes = join(root, 'examples/recipes')
const tool = (path) => join(root, 'node_modules', path)

for (const folder of ['examples/recipes', 'examples/migration']) {
  run('npm', ['ci', '--prefix', folder, '--prefer-offline', '--silent'])
}
install()
run(
  process.execPath,
  [join(recipes, 'node_modules/@hey-api/openapi-ts/bin/run.js')],
  join(recipes, 'openapi'),
)
run(process.execPath, [tool('typescript/bin/tsc'), '--project', recipes])

const results = join(root, '.test-results')
mkdirSync(results, { recursive: true })
const report = ['--json', `--outputFile=${join(results, 'recipes.json')}`]
const config = ['--config', join(recipes, 'jest.config.cjs')]
run(process.execPath, [tool('jest/bin/jest.js'), ...config, ...report, ...process.argv.slice(2)])

/** What npm pack makes, as a user would have it: Next looks for it in node_modules. */
function install() {
  const target = join(recipes, 'node_modules/axios-auth-interceptors')
  const pack = ['pack', '--ignore-scripts', '--json', '--pack-destination', join(recipes, 'node_modules')]
  const [{ filename }] = JSON.parse(run('npm', pack, root, ['ignore', 'pipe', 'inherit']))
  rmSync(target, { recursive: true, force: true })
  mkdirSync(target)
  run('tar', ['-xzf', join(recipes, 'node_modules', filename), '-C', target, '--strip-components=1'])
}

/** Ends all if it fails. */
function run(command, args, cwd = root, stdio = 'inherit') {
  const { status, stdout } = spawnSync(command, args, { cwd, stdio, encoding: 'utf8', timeout: LONGEST_RUN })
  if (status !== 0) process.exit(1)
  return stdout
}
