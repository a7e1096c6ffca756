import { existsSync, readFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'

const tests = resolve(__dirname, '..')
const [page = ''] = readFileSync(join(tests, '../docs/reliability.md'), 'utf8').split(
  '## Beyond single tests',
)

/** What a file says, and what those of ours say that it is made of. */
function textOf(file: string): string {
  const text = readFileSync(file, 'utf8')
  const parts = [...text.matchAll(/ from '(\.[^']+)'/g)].map(([, path = '']) =>
    join(dirname(file), `${path}.ts`),
  )
  return [text, ...parts.filter(existsSync).map((part) => readFileSync(part, 'utf8'))].join('\n')
}

const fileOf = (name: string): string | undefined =>
  ['.test.ts', '.ts'].map((end) => join(tests, name + end)).find((file) => existsSync(file))

describe('docs/reliability.md', () => {
  const promises = page
    .split('\n')
    .filter((line) => line.startsWith('| ') && !/^\| (?:promise|---) /.test(line))

  it('makes promises', () => {
    expect(promises.length).toBeGreaterThan(50)
  })

  test.each(promises)('names a test that is there: %s', (promise) => {
    const [, name = '', title = ''] = /^\| .+ \| `([^`]+)`: (.+) \|$/.exec(promise) ?? []
    const file = fileOf(name)
    const text = file && textOf(file)
    expect(['"', "'", '`'].some((quote) => text?.includes(quote + title + quote))).toBe(true)
  })
})
