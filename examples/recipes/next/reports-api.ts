import 'server-only'
import axios, { type AxiosInstance } from 'axios'
import { bearerAuth, clientCredentials } from 'axios-auth-interceptors'

// A build has this file twice, for pages and for route handlers, and `next dev` loads it again after each change.
const shared = globalThis as typeof globalThis & { reportsApi?: AxiosInstance }

/** One for all requests to this process: they share its token. It is made by the first, for a build has no secrets. */
export const reportsApi = (): AxiosInstance => (shared.reportsApi ??= connect())

function connect(): AxiosInstance {
  const issuer = axios.create({ baseURL: env('ISSUER_URL'), timeout: 5_000 })
  const fetchToken = clientCredentials(issuer, {
    url: '/token',
    clientId: env('CLIENT_ID'),
    clientSecret: env('CLIENT_SECRET'),
  })
  const api = axios.create({ baseURL: env('API_URL'), timeout: 10_000 })
  api.interceptors.request.use(bearerAuth(fetchToken))
  return api
}

function env(name: string): string {
  const value = process.env[name]
  if (!value) throw new Error(`${name} is not set`)
  return value
}
