import { readFileSync } from 'node:fs'
import { extname } from 'node:path'
import { DOCS } from '../.vitepress/pages.mts'
import { linkedFiles, pageOf } from '../.vitepress/source-links.mts'

/** Each file of the repository that a page links to, as a page of its own. */
export default {
  paths: () =>
    [...linkedFiles()].map((file) => ({
      params: { path: pageOf(file) },
      content: `# ${file}\n\n\`\`\`${extname(file).slice(1)}\n${readFileSync(`${DOCS}../${file}`, 'utf8')}\`\`\`\n`,
    })),
}
