// Puts the files of examples/ into the pages that show them: below each line that is a link to such a file stands the file
// as a block of code. With --check it writes nothing and fails if a page differs, or if no page shows one of the files.
import { readdirSync, readFileSync } from 'node:fs'
import { codeBlock, root, settle } from './page-of-files.mjs'

const PAGES = ['docs/recipes.md', 'docs/migration.md', 'docs/testing.md']
const FOLDERS = ['examples/recipes', 'examples/migration', 'examples/testing']
const SHOWN = /^\[`(examples\/[^`]+)`\]\(\.\.\/\1\)$(?:\n\n```\w+\n[\s\S]*?\n```$)?/gm

const shown = new Set()
for (const page of PAGES) {
  const text = readFileSync(root + page, 'utf8')
  const next = text.replaceAll(SHOWN, (_, file) => {
    shown.add(file)
    return `[\`${file}\`](../${file})\n\n${codeBlock(file)}`
  })
  settle(page, next)
}

// The layout is what Next wants to see, and says nothing.
const NOT_SHOWN = /node_modules\/|\/generated\/|\.next\/|\.d\.ts$|\/layout\.tsx$/
const files = FOLDERS.flatMap((folder) =>
  readdirSync(root + folder, { recursive: true })
    .map((name) => `${folder}/${name}`)
    .filter((file) => /\.tsx?$/.test(file) && !NOT_SHOWN.test(file)),
)
const hidden = files.filter((file) => !shown.has(file))
if (hidden.length > 0) throw new Error(`No page shows ${hidden.join(', ')}`)
