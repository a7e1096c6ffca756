/** @param {number} figure */
export const count = (figure) => Math.round(figure).toLocaleString('en-US')
/** @param {number} duration */
export const minutes = (duration) => count(duration / 60_000)
/** @param {number} duration */
export const seconds = (duration) => (duration / 1000).toFixed(1)

/** The first column is text, the others are figures. @param {string[]} head @param {string[][]} rows */
export function inTerminal(head, rows) {
  const widths = head.map((title, at) => Math.max(title.length, ...rows.map((row) => row[at].length)))
  const line = (/** @type {string[]} */ [label, ...figures]) =>
    [label.padEnd(widths[0]), ...figures.map((figure, at) => figure.padStart(widths[at + 1]))].join('   ')
  return [line(head), widths.map((width) => '─'.repeat(width)).join('───'), ...rows.map(line)].join('\n')
}

/** @param {string[]} head @param {string[][]} rows */
export function inMarkdown(head, rows) {
  const line = (/** @type {string[]} */ cells) => `| ${cells.join(' | ')} |`
  return [line(head), line(head.map((_, at) => (at === 0 ? '---' : '---:'))), ...rows.map(line)].join('\n')
}
