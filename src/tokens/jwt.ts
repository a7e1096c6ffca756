import { parsedJson, textOfBase64 } from '../json'

/**
 * How long a token lives if it is a JWT (RFC 7519 section 4.1.4), in milliseconds; undefined if it is none or does not
 * say. It lives until `exp`, which may be near: issuers and programs keep tokens, too. It never lives longer than from
 * `iat` to `exp`, whatever our own clock says. Nothing is verified here: that is the business of the API.
 */
export function jwtLife(token: string, now: number): number | undefined {
  const { exp, iat } = claimsOf(token)
  if (!isNumber(exp)) return undefined
  const left = Math.max(0, exp * 1000 - now)
  return isNumber(iat) && iat <= exp ? Math.min(left, (exp - iat) * 1000) : left
}

const isNumber = (claim: unknown): claim is number => Number.isFinite(claim)

function claimsOf(token: string): { exp?: unknown; iat?: unknown } {
  const [, payload, signature, more] = token.split('.')
  const isJwt = payload !== undefined && signature !== undefined && more === undefined
  return Object(isJwt && parsedJson(textOfBase64(payload) ?? '')) as object
}
