import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))

/** A file of the repository as a block of code, in the language of its name. @param {string} file */
export function codeBlock(file) {
  const language = file.slice(file.lastIndexOf('.') + 1)
  return `\`\`\`${language}\n${readFileSync(root + file, 'utf8').trimEnd()}\n\`\`\``
}

/**
 * Writes a page. With --check it writes nothing, and the program fails if the page differs.
 *
 * @param {string} page
 * @param {string} text
 */
export function settle(page, text) {
  if (!process.argv.includes('--check')) writeFileSync(root + page, text)
  else if (readFileSync(root + page, 'utf8') !== text) {
    const script = process.argv[1]?.slice(root.length)
    console.error(`${page} is not what the examples make it: run node ${script}`)
    process.exitCode = 1
  }
}
