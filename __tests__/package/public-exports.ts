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

/** The same of each subpath. */
export const subpathExports = {
  jsonpath: ['jsonPath'],
  oauth: [
    'authorizationServer',
    'clientSecretBasic',
    'clientSecretJwt',
    'clientSecretPost',
    'dpopAuth',
    'none',
    'privateKeyJwt',
    'tlsClientAuth',
  ],
} as const
