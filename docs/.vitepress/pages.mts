import { existsSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

/** The written pages in the order of the sidebar. Those that do not exist are left out. */
const GROUPS: readonly { readonly title: string; readonly pages: Readonly<Record<string, string>> }[] = [
  {
    title: 'Guide',
    pages: {
      start: 'Start',
      playground: 'Playground',
      'how-a-request-flows': 'How a request flows',
      schemes: 'Schemes',
      tokens: 'Tokens',
      security: 'Security',
      oauth: 'OAuth',
      login: 'Login',
      dpop: 'DPoP and step-up',
    },
  },
  {
    title: 'In use',
    pages: {
      cookbook: 'Cookbook',
      recipes: 'Recipes',
      testing: 'Testing',
      errors: 'Errors',
    },
  },
  {
    title: 'Measured',
    pages: {
      reliability: 'Reliability',
      benchmarks: 'Benchmarks',
      simulation: 'Simulation',
      soak: 'Soak',
    },
  },
  {
    title: 'Where it fits',
    pages: {
      compatibility: 'Compatibility',
      browsers: 'Browsers',
      migration: 'Migration',
    },
  },
  {
    title: 'To look up',
    pages: { decisions: 'Decisions', api: 'API' },
  },
]

export const DOCS: string = fileURLToPath(new URL('..', import.meta.url))
/** Pages that are made, or that no reader looks for in a sidebar. */
const UNLISTED = /^(?:index\.md$|(?:node_modules|reference|source|\.vitepress)\/)/

export const exists = (page: string): boolean => existsSync(`${DOCS}${page}.md`)

export function groups(): { title: string; pages: { text: string; link: string }[] }[] {
  const listed = GROUPS.flatMap(({ pages }) => Object.keys(pages))
  const missing = writtenPages().filter((page) => !listed.includes(page))
  if (missing.length > 0) throw new Error(`docs/.vitepress/pages.mts has no place for ${missing.join(', ')}`)
  return GROUPS.map(({ title, pages }) => ({
    title,
    pages: Object.entries(pages)
      .filter(([page]) => exists(page))
      .map(([page, text]) => ({ text, link: `/${page}` })),
  }))
}

export function writtenPages(): string[] {
  return readdirSync(DOCS, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.md') && !UNLISTED.test(file))
    .map((file) => file.slice(0, -'.md'.length))
}
