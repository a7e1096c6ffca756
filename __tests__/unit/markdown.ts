import { readFileSync } from 'node:fs'

/** A fenced block of code. */
export interface CodeBlock {
  readonly language: string
  /** The line of the file that its first line of code stands on, counted from 1. */
  readonly line: number
  readonly code: string
  /** The file of the repository that it shows, by the link above it; see scripts/examples-in-pages.mjs. */
  readonly file: string | undefined
}

/** A link that is not to another site. */
export interface Link {
  readonly line: number
  /** Relative to the file; empty for a link within it. */
  readonly path: string
  readonly anchor: string | undefined
}

/** What the tests need to know of a Markdown file. */
export interface Markdown {
  readonly blocks: readonly CodeBlock[]
  readonly links: readonly Link[]
  /** The names that GitHub gives to its headings. */
  readonly anchors: readonly string[]
}

export function readMarkdown(file: string): Markdown {
  const blocks: CodeBlock[] = []
  const links: Link[] = []
  const anchors: string[] = []
  let open: { language: string; line: number; code: string[]; file: string | undefined } | undefined
  let above = ''

  for (const [index, text] of readFileSync(file, 'utf8').split('\n').entries()) {
    const line = index + 1
    const fence = /^\s*```(\w*)/.exec(text)
    if (fence && open) {
      blocks.push({ ...open, code: open.code.join('\n') })
      open = undefined
    } else if (fence) {
      const file = /^\[`(examples\/[^`]+)`\]\([^)]+\)$/.exec(above)?.[1]
      open = { language: fence[1] ?? '', line: line + 1, code: [], file }
    } else if (open) open.code.push(text)
    else {
      const heading = /^#+ (.*)$/.exec(text)?.[1]
      if (heading) anchors.push(anchorOf(heading, anchors))
      for (const [, target = ''] of text.matchAll(/\]\(([^)\s]+)\)/g)) {
        const [path = '', anchor] = target.split('#')
        if (!/^[a-z]+:/i.test(target)) links.push({ line, path, anchor })
      }
    }
    if (text !== '') above = text
  }
  return { blocks, links, anchors }
}

/** As GitHub makes it: lower case, no punctuation, dashes for blanks; a second one of a name gets a number. */
function anchorOf(heading: string, taken: readonly string[]): string {
  const name = heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}_\- ]/gu, '')
    .replaceAll(' ', '-')
  const same = taken.filter((anchor) => anchor.replace(/-\d+$/, '') === name).length
  return same === 0 ? name : `${name}-${same}`
}
