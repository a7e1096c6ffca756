import { existsSync, readFileSync } from 'node:fs'

/** The first paragraph of a page, for search engines and for who shares a link. */
export function descriptionOf(file: string): string | undefined {
  const text = existsSync(file) ? readFileSync(file, 'utf8') : ''
  const prose = text.replace(/^```.*?^```/gms, '')
  const paragraph = prose.split(/\n{2,}/).find((block) => /^[\p{L}`*[]/u.test(block))
  return paragraph
    ?.replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[`*]/g, '')
    .replaceAll('\n', ' ')
    .trim()
}
