// Cisco Umbrella: "Umbrella API authentication" in the Cloud Security API documentation.
import axios, { type AxiosInstance } from 'axios'
import { bearerAuth, clientCredentials } from 'axios-auth-interceptors'

export function umbrella(key: string, secret: string, baseURL = 'https://api.umbrella.com'): AxiosInstance {
  const issuer = axios.create({ baseURL })
  const token = clientCredentials(issuer, { url: '/auth/v2/token', clientId: key, clientSecret: secret })
  const api = axios.create({ baseURL })
  api.interceptors.request.use(bearerAuth(token))
  return api
}
