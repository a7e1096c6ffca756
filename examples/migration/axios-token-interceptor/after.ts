import axios, { type AxiosInstance } from 'axios'
import { bearerAuth, clientCredentials } from 'axios-auth-interceptors'

export function connect(baseURL: string, clientId: string, clientSecret: string): AxiosInstance {
  const issuer = axios.create({ baseURL })
  const fetchToken = clientCredentials(issuer, {
    url: '/token',
    clientId,
    clientSecret,
    clientAuthentication: 'body',
  })

  const api = axios.create({ baseURL })
  api.interceptors.request.use(bearerAuth(fetchToken))
  return api
}
