import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

const root = resolve(__dirname, '../..')
const read = (file: string): string => readFileSync(join(root, file), 'utf8')

test('the pages show the files of examples as they are, and each file stands in one of them', () => {
  const script = join(root, 'scripts/examples-in-pages.mjs')
  const { status, stderr } = spawnSync(process.execPath, [script, '--check'], { encoding: 'utf8' })
  expect([status, stderr]).toEqual([0, ''])
})

/** Those of the root last: another package may bring an older one of the same name there. */
const LOCKS = ['examples/recipes', 'examples/migration', '.'].map((folder) => `${folder}/package-lock.json`)

/** The version of a package that a lock file names. */
function lockedVersion(name: string): string | undefined {
  const packages: Record<string, { version: string }>[] = LOCKS.map((lock) => JSON.parse(read(lock)).packages)
  return packages.map((all) => all[`node_modules/${name}`]?.version).find((version) => version !== undefined)
}

test('docs/recipes.md says which versions the recipes are tested with', () => {
  const rows = [...read('docs/recipes.md').matchAll(/^\| \[.+\]\(.+\) \| (.+) \| (.+) \|$/gm)]
  const said = rows.flatMap(([, names = '', versions = '']) =>
    names.split(', ').map((name, n): [string, string | undefined] => [name, versions.split(', ')[n]]),
  )
  expect(said.length).toBeGreaterThan(8)
  expect(said).toEqual(said.map(([name]) => [name, lockedVersion(name)]))
})

test('docs/migration.md says which versions are meant', () => {
  const said = [...read('docs/migration.md').matchAll(/^- \[From (axios-\S+)\]\(.+\) (\S+)$/gm)]
  expect(said.map(([, name, version]) => [name, version])).toEqual(
    ['axios-auth-refresh', 'axios-token-interceptor'].map((name) => [name, lockedVersion(name)]),
  )
})
