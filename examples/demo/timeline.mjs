/** @typedef {'you' | 'library' | 'issuer' | 'API' | 'stranger'} Who */
/** @typedef {{ label: string, figure: number | string, expected: string, isRight: boolean }} Verdict */

const COLOURS = { bold: 1, dim: 2, red: 31, green: 32, yellow: 33, blue: 34, magenta: 35, cyan: 36 }
const OF_WHOM = { you: 'bold', library: 'cyan', issuer: 'magenta', API: 'blue', stranger: 'yellow' }

/** Prints who did what when, in milliseconds from now on, and whether figures are right. */
export function createTimeline(stream = process.stdout) {
  const isColoured = stream.isTTY && !process.env.NO_COLOR
  const start = performance.now()
  /** @type {Map<string, { who: Who, what: string, count: number, first: number, last: number }>} */
  let notes = new Map()

  const print = (line = '') => stream.write(`${line}\n`)
  /** @param {keyof typeof COLOURS} colour @param {string} text */
  const paint = (colour, text) => (isColoured ? `\x1b[${COLOURS[colour]}m${text}\x1b[0m` : text)
  const tick = (/** @type {boolean} */ isRight) => (isRight ? paint('green', '✔') : paint('red', '✘'))
  const elapsed = () => performance.now() - start

  /**
   * Writes down what happens now, for `flush` to print. The same once more only counts: 100 times is still one line.
   *
   * @param {Who} who
   * @param {string} what
   */
  function note(who, what) {
    const now = Math.round(elapsed())
    const known = notes.get(who + what)
    if (known) Object.assign(known, { count: known.count + 1, last: now })
    else notes.set(who + what, { who, what, count: 1, first: now, last: now })
  }

  function flush() {
    for (const { who, what, count, first, last } of notes.values()) {
      const when = (last > first ? `${first}–${last}` : `${first}`).padStart(9)
      const times = (count > 1 ? `${count} ×` : '').padStart(5)
      print(`${paint('dim', when)}  ${paint(OF_WHOM[who], who.padEnd(8))} ${times} ${what}`)
    }
    notes = new Map()
  }

  /** @param {Verdict} verdict */
  function judge({ label, figure, expected, isRight }) {
    const found = paint(isRight ? 'green' : 'red', `${figure}`.padStart(6))
    const wanted = paint('dim', `expected: ${expected}`)
    print(`${' '.repeat(18)}${tick(isRight)}${found} ${label.padEnd(44)} ${wanted}`)
  }

  /** The first column is text, the others are figures. @param {string[]} head @param {unknown[][]} rows */
  function table(head, rows) {
    const widths = head.map((title, at) => Math.max(title.length, ...rows.map((row) => `${row[at]}`.length)))
    const line = (/** @type {unknown[]} */ [name, ...figures]) =>
      [
        `${name}`.padEnd(widths[0]),
        ...figures.map((figure, at) => `${figure}`.padStart(widths[at + 1])),
      ].join('   ')
    print(paint('dim', line(head)))
    for (const row of rows) print(line(row))
  }

  return { print, paint, tick, note, flush, judge, table, elapsed }
}
