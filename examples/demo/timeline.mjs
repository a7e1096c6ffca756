/** @typedef {'you' | 'library' | 'issuer' | 'API' | 'stranger'} Who */

const COLOURS = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, blue: 34, magenta: 35, cyan: 36 }
const OF_WHOM = { you: 'bold', library: 'cyan', issuer: 'magenta', API: 'blue', stranger: 'yellow' }

/** Prints who did what when. What the same one does many times over becomes a single line. */
export function createTimeline(stream = process.stdout) {
  const isColoured = stream.isTTY && !process.env.NO_COLOR
  const paint = (/** @type {string} */ colour, /** @type {unknown} */ text) =>
    isColoured ? `\x1b[${COLOURS[colour]}m${text}\x1b[0m` : String(text)
  const print = (line = '') => stream.write(`${line}\n`)

  const start = performance.now()
  /** @type {Map<string, { who: Who, what: string, count: number, first: number, last: number }>} */
  let notes = new Map()

  /** Writes down what happens now; `flush` prints it. @param {Who} who @param {string} what */
  function note(who, what) {
    const now = Math.round(performance.now() - start)
    const known = notes.get(who + what)
    if (known) Object.assign(known, { count: known.count + 1, last: now })
    else notes.set(who + what, { who, what, count: 1, first: now, last: now })
  }

  function flush() {
    for (const { who, what, count, first, last } of notes.values()) {
      const when = last > first ? `${first}–${last}` : String(first)
      const times = count > 1 ? `${count} ×` : ''
      print(
        `${paint('dim', when.padStart(11))}  ${paint(OF_WHOM[who], who.padEnd(8))} ${times.padStart(5)} ${what}`,
      )
    }
    notes = new Map()
  }

  /** One figure beside what it should be. @param {{ label: string, figure: unknown, expected: string, isRight: boolean }} check */
  function verdict({ label, figure, expected, isRight }) {
    const found = paint(isRight ? 'green' : 'red', String(figure).padStart(8))
    print(
      `${mark(isRight).padStart(isColoured ? 20 : 11)}  ${label.padEnd(51)} ${found}  ${paint('dim', `expected ${expected}`)}`,
    )
  }

  const mark = (/** @type {boolean} */ isRight) => (isRight ? paint('green', '✔') : paint('red', '✘'))

  /** A table: the first column is text, the others are figures. @param {string[]} head @param {unknown[][]} rows */
  function table(head, rows) {
    const widths = head.map((title, at) =>
      Math.max(title.length, ...rows.map((row) => String(row[at]).length)),
    )
    const line = (/** @type {unknown[]} */ cells) =>
      cells
        .map((cell, at) => (at ? String(cell).padStart(widths[at]) : String(cell).padEnd(widths[at])))
        .join('   ')
    print(paint('dim', `  ${line(head)}`))
    for (const row of rows) print(`  ${line(row)}`)
  }

  const elapsed = () => performance.now() - start
  return { note, flush, verdict, table, print, paint, mark, elapsed }
}
