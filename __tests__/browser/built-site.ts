import { execFileSync } from 'node:child_process'
import { resolve } from 'node:path'

const root = resolve(__dirname, '../..')

/** The folder of the built documentation. DOCS=built says that it has just been built. */
export function builtSite(): string {
  if (process.env.DOCS !== 'built') execFileSync('npm', ['run', 'docs:build'], { cwd: root, stdio: 'pipe' })
  return resolve(root, 'docs/.vitepress/dist')
}
