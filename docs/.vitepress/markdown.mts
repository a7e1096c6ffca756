import { renderMermaidSVG } from 'beautiful-mermaid'
import type { MarkdownOptions } from 'vitepress'
import { keepLinksInside } from './source-links.mts'

export type MarkdownIt = Parameters<NonNullable<MarkdownOptions['config']>>[0]

/** The name that GitHub gives to a heading, so that a link is right there and here. */
const slugify = (heading: string): string =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}_\- ]/gu, '')
    .replaceAll(' ', '-')

export const markdown: MarkdownOptions = {
  anchor: { slugify },
  theme: { light: 'github-light-high-contrast', dark: 'github-dark-default' },
  config(md) {
    drawDiagrams(md)
    breakPaths(md)
    keepLinksInside(md)
  },
}

/** Diagrams are drawn when the site is built: a browser would need a megabyte of mermaid for each. */
function drawDiagrams(md: MarkdownIt): void {
  const { fence } = md.renderer.rules
  md.renderer.rules.fence = (tokens, at, options, env, self) => {
    const { info, content } = tokens[at] as (typeof tokens)[number]
    if (info.trim() !== 'mermaid') return fence?.(tokens, at, options, env, self) ?? ''
    // Its style imports a font from another site; theme/diagram.css stands in for it.
    const svg = renderMermaidSVG(content, { transparent: true }).replace(/<style>.*?<\/style>\n?/s, '')
    return `<div class="diagram" v-pre>${svg.replace('<svg', '<svg role="img" aria-label="Diagram"')}</div>`
  }
}

/** Lets a browser break a long path after a slash: tables of paths would not fit otherwise. */
function breakPaths(md: MarkdownIt): void {
  const { code_inline: code } = md.renderer.rules
  md.renderer.rules.code_inline = (...of) =>
    (code?.(...of) ?? '').replace(/(?<=>).*(?=<\/code>)/s, (text) => text.replaceAll('/', '/<wbr>'))
}
