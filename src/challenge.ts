/** One entry of a `WWW-Authenticate` field: RFC 9110 section 11.3. */
export interface Challenge {
  /** The auth-scheme in lower case: `bearer`, `basic`, `digest`. */
  readonly scheme: string
  /** The parameters by lower-case name, unquoted. Of a name that comes twice, the last counts. */
  readonly parameters: Readonly<Record<string, string>>
  /** The token68 form, as `Negotiate` uses it. */
  readonly token68?: string
}

// RFC 9110 sections 5.6.2 and 11.2. Sticky, without nested repeats: linear in the length of the field.
const TOKEN = /[!#$%&'*+\-.^_`|~0-9A-Za-z]+/y
const TOKEN68 = /[A-Za-z0-9\-._~+/]+=*/y
const BLANKS = /[ \t]*/y
const SEPARATORS = /[ \t,]*/y
// No server sends so many: a hostile one shall not keep us busy.
const MOST_CHALLENGES = 1000

/**
 * Reads a `WWW-Authenticate` field value into its challenges, as RFC 9110 section 11.6.1 writes them: several in
 * one line, quoted commas, token68, any case. It never throws: of a malformed field it gives what was whole.
 *
 * @example
 * parseChallenges('Bearer realm="api", error="invalid_token"')
 * // [{ scheme: 'bearer', parameters: { realm: 'api', error: 'invalid_token' } }]
 */
export function parseChallenges(field: string | readonly string[] | null | undefined): Challenge[] {
  const text = Array.isArray(field) ? field.join(', ') : typeof field === 'string' ? field : ''
  const challenges: Challenge[] = []
  let at = 0

  /** Takes what the expression matches here, and moves on. */
  const take = (expression: RegExp): RegExpExecArray | null => {
    expression.lastIndex = at
    const match = expression.exec(text)
    if (match) at = expression.lastIndex
    return match
  }
  const endsHere = (): boolean => at >= text.length || text[at] === ','

  /** RFC 9110 section 5.6.4: a quoted string, without its quotes and backslashes. */
  const takeQuoted = (): string | undefined => {
    if (text[at] !== '"') return undefined
    let value = ''
    for (let end = at + 1; end < text.length; end += 1) {
      if (text[end] === '"') {
        at = end + 1
        return value
      }
      if (text[end] === '\\') end += 1
      value += text[end] ?? ''
    }
    return undefined
  }

  /** `name = value`, or nothing (and back to where it stood) when this is no parameter. */
  const takeParameter = (): [name: string, value: string] | undefined => {
    const start = at
    const name = take(TOKEN)?.[0]
    take(BLANKS)
    if (name !== undefined && text[at] === '=') {
      at += 1
      take(BLANKS)
      const value = takeQuoted() ?? take(TOKEN)?.[0]
      take(BLANKS)
      if (value !== undefined && endsHere()) return [name.toLowerCase(), value]
    }
    at = start
    return undefined
  }

  /** A token68 stands alone behind the scheme: what follows must be a comma or the end. */
  const takeToken68 = (): string | undefined => {
    const start = at
    const token68 = take(TOKEN68)?.[0]
    take(BLANKS)
    if (token68 !== undefined && endsHere()) return token68
    at = start
    return undefined
  }

  take(SEPARATORS)
  while (at < text.length && challenges.length < MOST_CHALLENGES) {
    const scheme = take(TOKEN)?.[0]
    if (scheme === undefined || !(endsHere() || text[at] === ' ' || text[at] === '\t')) return challenges
    take(BLANKS)
    const start = at
    const isParameter = takeParameter() !== undefined
    at = start
    const token68 = isParameter ? undefined : takeToken68()
    // No prototype: a parameter may be named `__proto__` or `constructor`.
    const parameters = Object.create(null) as Record<string, string>
    // An empty element may stand before the first of them, as before any other.
    let isParted = Boolean(take(SEPARATORS)?.[0].includes(','))
    for (let parameter = takeParameter(); parameter !== undefined; parameter = takeParameter()) {
      parameters[parameter[0]] = parameter[1]
      isParted = Boolean(take(SEPARATORS)?.[0].includes(','))
    }
    challenges.push({ scheme: scheme.toLowerCase(), parameters, ...(token68 !== undefined && { token68 }) })
    // What follows without a comma is neither of this challenge nor the next one.
    if (!isParted) return challenges
  }
  return challenges
}
