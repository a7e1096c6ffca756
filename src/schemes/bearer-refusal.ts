import type { AuthResponse } from '../auth-scheme'

// RFC 6750 section 3.1, RFC 9470, RFC 9449 section 7.1: something is wrong, but not with the age of the token.
const NOT_THE_TOKEN = [
  'invalid_request',
  'insufficient_scope',
  'insufficient_claims',
  'insufficient_user_authentication',
  'use_dpop_nonce',
  'invalid_dpop_proof',
]
const OTHER_SCHEMES = ['basic', 'digest', 'dpop', 'negotiate', 'ntlm']

/**
 * Does a response refuse the token, so that another one may help? A 401 does: many APIs send no challenge, or a word of
 * their own. Not so if its challenge names another error, or if the API wants a bearer token nowhere and another scheme.
 */
export function refusesToken(response: AuthResponse, scheme: string): boolean {
  if (response.status !== 401) return false
  const { challenges } = response
  const word = scheme.toLowerCase()
  const own = challenges.filter((challenge) => ['bearer', word].includes(challenge.scheme))
  if (own.length > 0) return own.some(({ parameters }) => !NOT_THE_TOKEN.includes(parameters.error ?? ''))
  // What is sent in another way is not what such challenges speak of: some APIs ask everybody for Basic.
  if (word !== 'bearer' || challenges.length === 0) return true
  return !challenges.every((challenge) => OTHER_SCHEMES.includes(challenge.scheme))
}
