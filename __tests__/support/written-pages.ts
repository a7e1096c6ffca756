import { readdirSync } from 'node:fs'
import { join } from 'node:path'

/** What the site is made with, and what it makes. */
const NOT_WRITTEN = /^(?:node_modules|reference|\.vitepress)\//

/** The pages of docs that people write, as paths of the repository. */
export function writtenPages(): string[] {
  return readdirSync(join(__dirname, '../../docs'), { recursive: true, encoding: 'utf8' })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => name.endsWith('.md') && !NOT_WRITTEN.test(name))
    .map((name) => `docs/${name}`)
    .sort()
}
