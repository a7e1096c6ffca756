import { AuthError } from '../errors'

/** What a request, or a challenge, asks of a token beyond what its source asks for anyway: parameters of the token request. */
export interface TokenParameters {
  /** Further scopes, parted by blanks: RFC 6749 section 3.3. They are added to those of the source. */
  readonly scope?: string | readonly string[] | undefined
  /** Authentication context classes, parted by blanks, the most wanted first: RFC 9470 section 4. */
  readonly acr_values?: string | undefined
  /** How long ago the user may have authenticated, in seconds: RFC 9470 section 4. */
  readonly max_age?: number | string | undefined
  /** Claims that the token must have, as JSON: OpenID Connect Core section 5.5. */
  readonly claims?: string | undefined
}

type Scope = TokenParameters['scope']

/** The scopes of all lists, each once. */
export const unitedScope = (...lists: readonly Scope[]): string =>
  [...new Set(lists.flat().join(' ').split(' ').filter(Boolean))].join(' ')

const NAMES = ['scope', 'acr_values', 'max_age', 'claims']

/** The same text for the same parameters, however they were written; empty where nothing is asked. */
export function keyOfParameters(parameters: TokenParameters): string {
  const unknown = typeof parameters === 'object' ? Object.keys(parameters).find(isUnknown) : typeof parameters
  if (unknown !== undefined)
    throw new AuthError(
      `\`authenticate\` must be false, or an object with ${NAMES.join(', ')}, not ${unknown}`,
      'ERR_AUTH_CREDENTIALS',
    )
  return Object.entries(parameters)
    .filter(([, value]) => value !== undefined)
    .map(([name, value]) => `${name}=${name === 'scope' ? sortedScope(value as Scope) : String(value)}`)
    .sort()
    .join('&')
}

const isUnknown = (name: string): boolean => !NAMES.includes(name)
const sortedScope = (scope: Scope): string => unitedScope(scope).split(' ').sort().join(' ')

/** Writes into a token request what this token is asked for beyond what the request says already. */
export function addParameters(request: URLSearchParams, { scope, ...others }: TokenParameters): void {
  if (scope) request.set('scope', unitedScope(request.get('scope') ?? '', scope))
  for (const [name, value] of Object.entries(others))
    if (value !== undefined) request.set(name, String(value))
}

/**
 * How long a token may be used that was asked for with a `max_age` (RFC 9470), in milliseconds: the API takes none from
 * an authentication that is older, and when that was, only the issuer knows.
 */
export function lifeWithin({ max_age }: TokenParameters, life: number | undefined): number | undefined {
  const most = Number(max_age ?? Number.NaN) * 1000
  return most >= 0 ? Math.min(life ?? most, most) : life
}
