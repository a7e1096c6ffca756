/**
 * How long a token lives if it is a JWT (RFC 7519 section 4.1.4), in milliseconds; undefined if it is none or does not
 * say. Where the issuer tells when it was made, the life is the difference of its own two times, so that a wrong clock
 * on our side does not matter. Nothing is verified here: that is the business of the API.
 */
export function jwtLife(token: string, now: number): number | undefined {
  const { exp, iat } = claimsOf(token)
  if (typeof exp !== 'number' || !Number.isFinite(exp)) return undefined
  const isDated = typeof iat === 'number' && Number.isFinite(iat) && iat <= exp
  return isDated ? (exp - iat) * 1000 : Math.max(0, exp * 1000 - now)
}

function claimsOf(token: string): { exp?: unknown; iat?: unknown } {
  const parts = token.split('.')
  if (parts.length !== 3) return {}
  try {
    const claims: unknown = JSON.parse(atob((parts[1] ?? '').replace(/-/g, '+').replace(/_/g, '/')))
    return Object(claims) as object
  } catch {
    return {}
  }
}
