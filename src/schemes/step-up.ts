import type { AuthResponse } from '../auth-scheme'
import { textOfBase64 } from '../json'
import { type TokenParameters, unitedScope } from '../tokens/token-parameters'

// RFC 6750 section 3.1, RFC 9470 section 3, and Microsoft's continuous access evaluation.
const LACKING = ['insufficient_scope', 'insufficient_user_authentication', 'insufficient_claims']

/** What a response says that the token lacks, beside what was asked of that token already; undefined if it says nothing. */
export function lackedBy(response: AuthResponse, asked: TokenParameters): TokenParameters | undefined {
  if (response.status !== 401 && response.status !== 403) return undefined
  for (const { parameters } of response.challenges) {
    const { error = '', scope, acr_values, max_age, claims } = parameters
    if (!LACKING.includes(error) || !(scope || acr_values || max_age || claims)) continue
    return {
      ...asked,
      ...(scope && { scope: unitedScope(asked.scope, scope) }),
      ...(acr_values && { acr_values }),
      ...(max_age && { max_age }),
      ...(claims && { claims: textOfBase64(claims) ?? claims }),
    }
  }
  return undefined
}
