import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'

const root = resolve(__dirname, '../..')
const recipes = readdirSync(join(root, 'examples/vendors'))

test('docs/cookbook.md is made of the recipes as they are', () => {
  const { status, stderr } = spawnSync(process.execPath, [join(root, 'scripts/cookbook.mjs'), '--check'], {
    encoding: 'utf8',
  })
  expect([status, stderr]).toEqual([0, ''])
})

test.each(recipes)('a recipe is short, and says what it follows: %s', (file) => {
  const lines = readFileSync(join(root, 'examples/vendors', file), 'utf8')
    .trimEnd()
    .split('\n')
  expect(lines.length).toBeLessThanOrEqual(25)
  expect(lines[0]).toMatch(/^\/\/ .+: .+\.$/)
})
