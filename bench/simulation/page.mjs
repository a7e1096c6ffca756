import { readFile, writeFile } from 'node:fs/promises'

const PAGE = new URL('../../docs/simulation.md', import.meta.url)
const FRAME = new URL('./page.md', import.meta.url)

/**
 * Puts figures into docs/simulation.md, whose words are in page.md. What another run measured stays.
 *
 * @param {'figures' | 'defaults'} name
 * @param {string} text
 */
export async function writeSection(name, text) {
  const frame = await readFile(FRAME, 'utf8')
  const before = await readFile(PAGE, 'utf8').catch(() => '')
  const page = frame.replaceAll(/<!-- (\w+) -->\n/g, (_, section) => {
    const measured = section === name ? text : (partOf(before, section) ?? 'Not measured yet.')
    return `<!-- ${section} -->\n\n${measured}\n\n<!-- end of ${section} -->\n`
  })
  await writeFile(PAGE, page)
}

/** @param {string} page @param {string} section */
const partOf = (page, section) =>
  page.split(`<!-- ${section} -->\n\n`)[1]?.split(`\n\n<!-- end of ${section} -->`)[0]
