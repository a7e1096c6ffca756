import axios, { type AxiosInstance } from 'axios'
import { bearerAuth, clientCredentials, tokenSource } from 'axios-auth-interceptors'

export interface Setting {
  readonly issuerUrl: string
  readonly clientId: string
  readonly clientSecret: string
}

/** An instance for each API. They share one token: it is fetched once, and replaced once. */
export function connect(setting: Setting, ...apiUrls: string[]): AxiosInstance[] {
  const { issuerUrl, clientId, clientSecret } = setting
  const issuer = axios.create({ baseURL: issuerUrl, timeout: 5_000 })
  const tokens = tokenSource(clientCredentials(issuer, { url: '/token', clientId, clientSecret }))

  return apiUrls.map((baseURL) => {
    const api = axios.create({ baseURL, timeout: 10_000 })
    api.interceptors.request.use(bearerAuth(tokens))
    return api
  })
}
