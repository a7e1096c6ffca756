/** Every value that the package exports, in the order of the alphabet. Types are not seen at run time. */
export const publicExports: readonly string[] = [
  'AuthError',
  'apiKeyAuth',
  'authInterceptor',
  'basicAuth',
  'bearerAuth',
  'clientCredentials',
  'parseChallenges',
  'refreshToken',
  'renewWith',
  'tokenRequest',
  'tokenSource',
]
