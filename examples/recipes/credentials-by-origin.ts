import axios, { type AxiosInstance } from 'axios'
import { apiKeyAuth, basicAuth, bearerAuth, clientCredentials } from 'axios-auth-interceptors'

export interface Setting {
  readonly issuerUrl: string
  readonly clientId: string
  readonly clientSecret: string
  readonly mapsKey: string
  readonly ticketsPassword: string
}

/** One instance that calls everybody by absolute URL, and sends to each origin what is meant for it. */
export function connect(
  setting: Setting,
  reports = 'https://reports.example.com',
  maps = 'https://maps.example.com',
  tickets = 'https://tickets.example.com',
): AxiosInstance {
  const { issuerUrl, clientId, clientSecret, mapsKey, ticketsPassword } = setting
  const issuer = axios.create({ baseURL: issuerUrl, timeout: 5_000 })
  const fetchToken = clientCredentials(issuer, { url: '/token', clientId, clientSecret })

  const client = axios.create({ timeout: 10_000 })
  client.interceptors.request.use(bearerAuth(fetchToken, { origins: reports }))
  client.interceptors.request.use(apiKeyAuth({ name: 'X-API-Key', value: mapsKey }, { origins: maps }))
  client.interceptors.request.use(
    basicAuth({ username: 'robot', password: ticketsPassword }, { origins: tickets }),
  )
  return client
}
