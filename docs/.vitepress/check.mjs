// Checks the built site, beyond what VitePress does: each link within it leads to a page and to a heading that exist, and
// nothing is loaded from elsewhere. Links to other sites are not followed.
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'

const DIST = fileURLToPath(new URL('dist', import.meta.url))
const BASE = process.env.DOCS_BASE ?? '/'
const files = readdirSync(DIST, { recursive: true, encoding: 'utf8' }).map((file) =>
  file.replaceAll('\\', '/'),
)
const pages = new Map(
  files
    .filter((file) => file.endsWith('.html'))
    .map((file) => [file, readFileSync(join(DIST, file), 'utf8')]),
)
const anchors = new Map([...pages].map(([page, html]) => [page, new Set(valuesOf(html, 'id'))]))

const faults = [
  ...[...pages].flatMap(([page, html]) => [...deadLinks(page, html), ...loadedFromElsewhere(page, html)]),
  ...files.filter((file) => file.endsWith('.css')).flatMap((file) => fetchedByStyle(file)),
]
for (const fault of new Set(faults)) console.error(fault)
console.log(`${pages.size} pages, ${faults.length} faults`)
if (pages.size === 0 || faults.length > 0) process.exitCode = 1

/** @param {string} page @param {string} html */
function deadLinks(page, html) {
  return [...valuesOf(html, 'href'), ...valuesOf(html, 'src')].filter(isWithin).flatMap((link) => {
    const [path = '', anchor] = decodeURI(link).split('#')
    const target = fileOf(path, page)
    if (!existsSync(join(DIST, target))) return `${page}: ${link} leads nowhere`
    const isMissing = anchor && !anchors.get(target)?.has(anchor)
    return isMissing ? `${page}: ${link} leads to no heading` : []
  })
}

/** The file of the site behind a link that stands in a page. @param {string} path @param {string} page */
function fileOf(path, page) {
  if (path === '') return page
  const file = path.startsWith(BASE) ? path.slice(BASE.length) : posix.join(posix.dirname(page), path)
  return file === '' || file.endsWith('/') ? `${file}index.html` : file
}

/** Scripts, styles, images and the like; not links for a reader to follow. @param {string} page @param {string} html */
function loadedFromElsewhere(page, html) {
  const loading = html.match(/<(?!a[\s>])[^>]*\s(?:src|href)="(?:https?:)?\/\/[^>]*>/g) ?? []
  return loading.map((tag) => `${page}: ${tag} is loaded from elsewhere`)
}

/** @param {string} file */
function fetchedByStyle(file) {
  const style = readFileSync(join(DIST, file), 'utf8')
  const loading = style.match(/(?:url\(["']?|@import ["'])(?:https?:)?\/\/[^)"']*/g) ?? []
  return loading.map((source) => `${file}: ${source} is loaded from elsewhere`)
}

/** @param {string} html @param {string} attribute */
function valuesOf(html, attribute) {
  return [...html.matchAll(new RegExp(`\\s${attribute}="([^"]*)"`, 'g'))].map(([, value = '']) => value)
}

/** @param {string} link */
function isWithin(link) {
  return !/^(?:[a-z]+:|\/\/)/i.test(link)
}
