import axios from 'axios'
import * as library from 'axios-auth-interceptors'

/**
 * The pair that most programs have: an instance that asks the issuer, and one whose requests carry its tokens.
 *
 * @param {import('./scene.mjs').Scene} scene
 * @param {{ adapter: string }} platform
 * @param {import('axios-auth-interceptors').TokenSourceOptions} [options]
 * @param {{ axios: import('axios').AxiosStatic, library: typeof import('axios-auth-interceptors') }} [packages]
 */
export function clientsOf(
  { issuerUrl, apiUrl, clients },
  { adapter },
  options = {},
  packages = { axios, library },
) {
  const { basicAuth, bearerAuth, clientCredentials, tokenSource } = packages.library
  const { clientId, clientSecret } = clients.basic
  const issuer = packages.axios.create({ baseURL: issuerUrl, ...(adapter && { adapter }) })
  issuer.interceptors.request.use(basicAuth({ username: clientId, password: clientSecret }))
  const source = tokenSource(clientCredentials(issuer, { url: '/token' }), options)
  const api = packages.axios.create({ baseURL: apiUrl, ...(adapter && { adapter }) })
  api.interceptors.request.use(bearerAuth(source))
  return { issuer, source, api }
}
