import { readdirSync, readFileSync } from 'node:fs'
import { extname } from 'node:path'
import { fileBehind, pageOf } from '../.vitepress/markdown.mts'
import { DOCS } from '../.vitepress/pages.mts'

/** Each file of the repository that a page links to, as a page of its own. */
export default {
  paths: () =>
    [...linkedFiles()].map((file) => ({
      params: { path: pageOf(file) },
      content: `# ${file}\n\n\`\`\`${extname(file).slice(1)}\n${readFileSync(`${DOCS}../${file}`, 'utf8')}\`\`\`\n`,
    })),
}

function linkedFiles(): Set<string> {
  const pages = readdirSync(DOCS).filter((name) => name.endsWith('.md'))
  return new Set(
    pages.flatMap((page) => {
      const links = readFileSync(`${DOCS}${page}`, 'utf8').matchAll(/\]\((\.\.\/[^)\s#]+)/g)
      return [...links].flatMap(([, href = '']) => fileBehind(href, page) ?? [])
    }),
  )
}
