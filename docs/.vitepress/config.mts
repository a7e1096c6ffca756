import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vitepress'
import { descriptionOf } from './description.mts'
import { markdown } from './markdown.mts'
import { groups } from './pages.mts'
import { sidebars } from './sidebars.mts'

const { name, description } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'))
// Where the site lies on its host, as /axios-auth-interceptors/.
const base = process.env.DOCS_BASE ?? '/'
const inNavigation = ['/start', '/playground', '/cookbook', '/api']

export default defineConfig({
  title: name,
  description,
  lang: 'en',
  base,
  markdown,
  head: [
    ['link', { rel: 'icon', type: 'image/svg+xml', href: `${base}logo.svg` }],
    ['meta', { property: 'og:type', content: 'website' }],
    ['meta', { property: 'og:site_name', content: name }],
    ['meta', { name: 'twitter:card', content: 'summary' }],
    // Nothing is asked of another origin, and nothing can be.
    [
      'meta',
      {
        'http-equiv': 'Content-Security-Policy',
        content:
          "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:",
      },
    ],
  ],
  transformPageData(page, { siteConfig: { srcDir } }) {
    const isMade = page.relativePath.startsWith('reference/')
    if (isMade) Object.assign(page.frontmatter, { pageClass: 'reference', prev: false, next: false })
    page.description = descriptionOf(`${srcDir}/${page.filePath}`) ?? description
  },
  transformHead: ({ title, description }) => [
    ['meta', { property: 'og:title', content: title }],
    ['meta', { property: 'og:description', content: description }],
  ],
  vite: {
    // What is built, as a program would import it.
    resolve: { alias: { [name]: fileURLToPath(new URL('../../dist/index.js', import.meta.url)) } },
  },
  themeConfig: {
    logo: '/logo.svg',
    nav: groups()
      .flatMap(({ pages }) => pages)
      .filter(({ link }) => inNavigation.includes(link)),
    sidebar: sidebars(),
    outline: [2, 3],
    search: { provider: 'local' },
    footer: { message: 'MIT License' },
    notFound: {
      quote: 'There is no page at this address. The search above finds what was here.',
      linkText: 'To the first page',
      linkLabel: 'To the first page',
    },
  },
})
