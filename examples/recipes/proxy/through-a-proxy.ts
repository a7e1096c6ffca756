import axios, { type AxiosInstance } from 'axios'
import { bearerAuth, clientCredentials } from 'axios-auth-interceptors'
import { HttpsProxyAgent } from 'https-proxy-agent'

export interface Setting {
  readonly issuerUrl: string
  readonly apiUrl: string
  readonly clientId: string
  readonly clientSecret: string
  /** Without the password: what prints an error prints the agent in its config, too. */
  readonly proxyUrl: string
  readonly proxyUser: string
  readonly proxyPassword: string
  /** A certificate authority that Node does not know, in PEM. */
  readonly ca?: string
}

export function connect(setting: Setting): AxiosInstance {
  const { issuerUrl, apiUrl, clientId, clientSecret, proxyUrl, proxyUser, proxyPassword, ca } = setting
  const credentials = Buffer.from(`${proxyUser}:${proxyPassword}`).toString('base64')
  const httpsAgent = new HttpsProxyAgent(proxyUrl, {
    keepAlive: true,
    headers: () => ({ 'Proxy-Authorization': `Basic ${credentials}` }),
  })
  // Its own option `ca` is for the way to the proxy. This is for what lies behind it.
  Object.assign(httpsAgent.options, { ca })
  // proxy: false, or axios would put a proxy of HTTPS_PROXY before that of the agent.
  const way = { httpsAgent, proxy: false, timeout: 10_000 } as const

  const issuer = axios.create({ baseURL: issuerUrl, ...way })
  const api = axios.create({ baseURL: apiUrl, ...way })
  api.interceptors.request.use(
    bearerAuth(clientCredentials(issuer, { url: '/token', clientId, clientSecret })),
  )
  return api
}
