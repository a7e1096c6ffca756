import axios from 'axios'
import { bearerAuth, clientCredentials } from 'axios-auth-interceptors'
import { client } from './generated/client.gen'

export interface Setting {
  readonly issuerUrl: string
  readonly apiUrl: string
  readonly clientId: string
  readonly clientSecret: string
}

/** Call it once, at the start. Then `listReports()` and all other generated functions are authenticated. */
export function configure({ issuerUrl, apiUrl, clientId, clientSecret }: Setting): void {
  const issuer = axios.create({ baseURL: issuerUrl, timeout: 5_000 })
  const fetchToken = clientCredentials(issuer, { url: '/token', clientId, clientSecret })

  const api = axios.create({ timeout: 10_000 })
  // What is generated asks axios for absolute URLs and sets no baseURL, so say where the token may go.
  api.interceptors.request.use(bearerAuth(fetchToken, { origins: new URL(apiUrl).origin }))

  // Without throwOnError it returns errors in place of answers, and writes over the `error` of an AuthError.
  client.setConfig({ axios: api, baseURL: apiUrl, throwOnError: true })
}
