import { AuthError } from './errors'
import { assertString } from './option'

type Check = (value: string) => string | undefined

/** A user-id, password, key or client secret: given once, or by a function each time it is needed. */
export interface Secret<Context extends unknown[] = []> {
  /** The value itself where there is nothing to wait for. It never throws: a function that does gives a rejection. */
  get(...context: Context): string | Promise<string>
}

/**
 * Checks a fixed value at once (`TypeError`), and what a function gives each time (`ERR_AUTH_CREDENTIALS`).
 * `check` says what is wrong with a value, without naming the value.
 */
export function secretOf<Context extends unknown[] = []>(
  name: string,
  source: string | ((...context: Context) => string | Promise<string>),
  check: Check,
): Secret<Context> {
  if (typeof source !== 'function') {
    assertString(name, source)
    const fault = check(source)
    if (fault) throw new TypeError(`\`${name}\` ${fault}`)
    return { get: () => source }
  }
  const checked = (value: unknown): string => {
    const fault = typeof value === 'string' ? check(value) : 'is not a string'
    if (fault) throw new AuthError(`What the function \`${name}\` gave ${fault}`, 'ERR_AUTH_CREDENTIALS')
    return value as string
  }
  const failed = (cause: unknown): never => {
    throw new AuthError(`The function \`${name}\` failed`, 'ERR_AUTH_CREDENTIALS', { cause })
  }
  return {
    get: (...context) => {
      try {
        const value: unknown = source(...context)
        if (typeof value === 'string' && check(value) === undefined) return value
        return Promise.resolve(value).then(checked, failed)
      } catch (error) {
        return Promise.resolve().then(() => failed(error))
      }
    },
  }
}

/** A line break at the end of a file, most often. */
export const controlFault: Check = (value) =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what it looks for
  /[\x00-\x1f\x7f]/.test(value) ? 'contains a line break or another control character: trim it' : undefined

/** RFC 9110 section 5.5: what may stand in a header field without being changed on the way. */
export const headerFault: Check = (value) => {
  if (value === '') return 'must not be empty'
  const fault = controlFault(value)
  if (fault) return fault
  return /[^\x20-\x7e]/.test(value)
    ? 'contains characters outside ASCII, which a header cannot carry'
    : undefined
}

/** RFC 6265 section 4.1.1: cookie-octet. */
export const cookieFault: Check = (value) =>
  headerFault(value) ??
  (/[\s",;\\]/.test(value)
    ? 'contains a character that a cookie cannot carry (blank, quote, comma, semicolon, backslash)'
    : undefined)

/** Any text can be written into a query. */
export const queryFault: Check = (value) => (value === '' ? 'must not be empty' : undefined)
