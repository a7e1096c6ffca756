import fc from 'fast-check'
import type { Challenge } from '#lib/challenge'

// Lists of challenges, and the many ways in which RFC 9110 lets a server write one list down.

const ALPHA = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ'
const DIGITS = '0123456789'
const charsOf = (text: string): fc.Arbitrary<string> => fc.constantFrom(...text)

const tokenChar = charsOf(`${ALPHA}${DIGITS}!#$%&'*+-.^_\`|~`)
export const token = fc.oneof(
  fc.string({ unit: tokenChar, minLength: 1, maxLength: 8 }),
  fc.constantFrom('Bearer', 'basic', 'DPoP', 'realm', 'error', '__proto__', 'constructor', 'toString'),
)
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/

const token68 = fc
  .tuple(
    fc.string({ unit: charsOf(`${ALPHA}${DIGITS}-._~+/`), minLength: 1, maxLength: 12 }),
    fc.constantFrom('', '=', '=='),
  )
  .map((parts) => parts.join(''))

// RFC 9110 section 5.6.4: all but controls; obs-text is what a header shows as Latin-1.
const quotable = fc.oneof(
  { weight: 4, arbitrary: tokenChar },
  { weight: 3, arbitrary: charsOf(' \t",\\=;()<>@:/?[]{}') },
  { weight: 1, arbitrary: fc.integer({ min: 0x80, max: 0xff }).map((code) => String.fromCharCode(code)) },
)
const value = fc.oneof(
  fc.string({ unit: quotable, maxLength: 12 }),
  fc.constantFrom('a, b', 'x, Bearer error="invalid_token"', 'realm="x"', '\\', '"', '', 'a='),
)

export type Parameter = [name: string, value: string]
export interface Given {
  readonly scheme: string
  readonly content: readonly Parameter[] | string
}

export const challenges = fc.array(
  fc.record({
    scheme: token,
    content: fc.oneof(
      {
        weight: 4,
        arbitrary: fc.uniqueArray(fc.tuple(token, value), {
          maxLength: 5,
          selector: ([name]) => name.toLowerCase(),
        }),
      },
      { weight: 1, arbitrary: token68 },
    ),
  }),
  { minLength: 1, maxLength: 5 },
)

/** What is to be read from it. */
export function meant(given: readonly Given[]): Challenge[] {
  return given.map(({ scheme, content }) => ({
    scheme: scheme.toLowerCase(),
    parameters: Object.assign(
      Object.create(null),
      typeof content === 'string'
        ? {}
        : Object.fromEntries(content.map(([name, value]) => [name.toLowerCase(), value])),
    ) as Record<string, string>,
    ...(typeof content === 'string' && { token68: content }),
  }))
}

/** Draws from 0 to below the limit: the choices of one spelling. */
type Draw = (limit: number) => number

/** An endless row of choices, which shrinks. */
export const draws: fc.Arbitrary<Draw> = fc
  .array(fc.nat({ max: 1000 }), { minLength: 1, maxLength: 60 })
  .map((numbers) => {
    let at = 0
    return (limit) => (numbers[at++ % numbers.length] as number) % limit
  })

/** One of the legal spellings of a list: as the lines of a field. */
export function spelled(given: readonly Given[], draw: Draw): string[] {
  const pick = <T>(...choices: readonly T[]): T => choices[draw(choices.length)] as T
  const cased = (text: string): string =>
    pick(text, text, text.toLowerCase(), text.toUpperCase()).replace(/./g, (char) =>
      draw(7) === 6 ? char.toUpperCase() : char,
    )
  const quoted = (text: string): string =>
    `"${text.replace(/[\s\S]/g, (char) => (char === '"' || char === '\\' || draw(9) === 8 ? `\\${char}` : char))}"`
  const blanks = (): string => pick('', '', ' ', '  ', '\t', ' \t ')
  const written = ([name, text]: Parameter): string =>
    `${cased(name)}${blanks()}=${blanks()}${TOKEN.test(text) && draw(2) ? text : quoted(text)}`

  const lines = ['']
  const write = (text: string): void => {
    lines.push(`${lines.pop()}${text}`)
  }
  const comma = (): void => {
    write(blanks())
    // A field may come in several lines, and a list has a right to empty elements (section 5.6.1.2).
    if (draw(6) === 5) lines.push('')
    else write(pick(',', ',', ',', ',,', ', ,\t,'))
    write(blanks())
  }

  if (draw(5) === 4) write(pick(',', ', ', ' ', '\t,, '))
  for (const [at, { scheme, content }] of given.entries()) {
    if (at > 0) comma()
    write(cased(scheme))
    if (typeof content === 'string') write(`${pick(' ', '  ')}${content}`)
    else if (content.length > 0) {
      write(pick(' ', ' ', '\t', '   ', ' , '))
      for (const [index, parameter] of content.entries()) {
        if (index > 0) comma()
        write(written(parameter))
      }
    }
  }
  if (draw(5) === 4) write(pick(',', ' ', ' ,, '))
  return lines
}

// What a hostile server may send: made of what means something to the parser.
const pieces = fc.constantFrom(
  ...'",\\= \t\r\n',
  ...[
    'Bearer',
    'Basic ',
    'a',
    'realm',
    'realm=',
    'a="',
    '="',
    '" ',
    '",',
    'YII==',
    '\\"',
    '=,',
    ', ',
    ' =',
    'é',
  ],
  ...['\u0000', '\ud800', '\u2028', '\ufeff', '__proto__="x"', 'constructor=y', '(', '{', '@'],
)
export const hostile = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({ unit: pieces, maxLength: 40 }),
  fc
    .tuple(fc.constantFrom('Bearer ', 'Basic realm="x", ', 'Negotiate YII='), fc.string({ unit: pieces }))
    .map((parts) => parts.join('')),
)
/** Up to so many pieces that are repeated until a field is long. */
export const pattern = fc.tuple(
  fc.constantFrom('', 'Bearer ', 'Bearer realm="', 'Bearer a', 'Bearer a=b, ', 'Basic realm="x", Bearer '),
  fc.string({ unit: pieces, minLength: 1, maxLength: 6 }),
)
