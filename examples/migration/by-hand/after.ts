import axios, { type AxiosInstance } from 'axios'
import { bearerAuth, refreshToken } from 'axios-auth-interceptors'

export interface Tokens {
  refresh: string
}

export function connect(baseURL: string, issuerUrl: string, tokens: Tokens): AxiosInstance {
  const issuer = axios.create({ baseURL: issuerUrl })
  const fetchToken = refreshToken(issuer, {
    url: '/token',
    clientId: 'public-client',
    refreshToken: () => tokens.refresh,
    onRotate: (next) => {
      tokens.refresh = next
    },
  })

  const api = axios.create({ baseURL })
  api.interceptors.request.use(bearerAuth(fetchToken))
  return api
}
