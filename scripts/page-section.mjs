import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))

/**
 * Writes a text between two marks of a page, `<!-- name -->` and `<!-- end of name -->`. The words around them are
 * written by hand.
 *
 * @param {string} page its path in the repository
 * @param {string} name
 * @param {string} text
 */
export function writeSection(page, name, text) {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- end of ${name} -->`]
  const parts = readFileSync(root + page, 'utf8').split(new RegExp(`${begin}[^]*${end}`))
  if (parts.length !== 2) throw new Error(`${page} must have ${begin} and ${end} once`)
  writeFileSync(root + page, parts.join(`${begin}\n\n${text}\n\n${end}`))
}

/** The day of the measurement. */
export const today = () => new Date().toISOString().slice(0, 10)
