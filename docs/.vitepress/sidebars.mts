import { readFileSync } from 'node:fs'
import type { DefaultTheme } from 'vitepress'
import { DOCS, groups } from './pages.mts'

type Item = DefaultTheme.SidebarItem

/** All pages, and on those of the reference the same with the reference first. */
export function sidebars(): DefaultTheme.SidebarMulti {
  const written = groups().map(({ title, pages }) => ({ text: title, items: pages }))
  const reference = { text: 'Reference: all types', link: '/reference/', items: entries() }
  return {
    '/': [...written, { ...reference, collapsed: true }],
    '/reference/': [reference, ...written],
  }
}

/** What TypeDoc wrote, with the functions of an entry at its top: they are what is looked for. */
function entries(): Item[] {
  const modules: Item[] = JSON.parse(readFileSync(`${DOCS}reference/typedoc-sidebar.json`, 'utf8'))
  return modules.map(({ text = '', link = '', items: groups = [] }) => {
    const types = groups.filter((group) => group.text === 'Types')
    const others = groups.filter((group) => group.text !== 'Types').flatMap(({ items = [] }) => items)
    return {
      // The name of the package says nothing before /oauth.
      text: text.replace(/^.+(?=\/)/, ''),
      link,
      collapsed: true,
      // A group without a link is a button with a button in it, which a screen reader cannot tell apart.
      items: [...others, ...types.map((group) => ({ ...group, link: `${link}#types` }))],
    }
  })
}
