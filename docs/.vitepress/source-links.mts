import { readFileSync, statSync } from 'node:fs'
import { posix } from 'node:path'
import type { MarkdownIt } from './markdown.mts'
import { DOCS, writtenPages } from './pages.mts'

/** A link to a file of the repository leads to its page under /source/. */
export function keepLinksInside(md: MarkdownIt): void {
  md.core.ruler.push('source-links', ({ tokens, env }) => {
    const links = tokens.flatMap(({ children }) => children ?? []).filter(({ type }) => type === 'link_open')
    for (const link of links) {
      const file = fileBehind(link.attrGet('href') ?? '', env.relativePath)
      if (file) link.attrSet('href', `/source/${pageOf(file)}`)
    }
  })
}

/** The files that have such a page, from the root of the repository: those that a page links to. */
export function linkedFiles(): Set<string> {
  const files = writtenPages().flatMap((page) => {
    const links = readFileSync(`${DOCS}${page}.md`, 'utf8').matchAll(/\]\((\.\.\/[^)\s#]+)/g)
    return [...links].flatMap(([, href = '']) => fileBehind(href, page) ?? [])
  })
  return new Set(files.filter((file) => statSync(`${DOCS}../${file}`, { throwIfNoEntry: false })?.isFile()))
}

export const pageOf = (file: string): string => file.replace(/\.(?=\w+$)/, '-')

/** The file outside of docs/ that a link in one of its pages leads to. */
function fileBehind(href: string, page: string): string | undefined {
  if (/^(?:[a-z]+:|[/#])/i.test(href)) return undefined
  const path = posix.join('docs', posix.dirname(page), href)
  return path.startsWith('docs/') ? undefined : path
}
