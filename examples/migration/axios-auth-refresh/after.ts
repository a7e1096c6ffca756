import axios, { type AxiosInstance } from 'axios'
import { bearerAuth, tokenRequest } from 'axios-auth-interceptors'

export function connect(baseURL: string): AxiosInstance {
  const issuer = axios.create({ baseURL })
  const refresh = tokenRequest(
    issuer,
    { method: 'post', url: '/auth/token/refresh' },
    ({ data }) => data.token,
  )

  const api = axios.create({ baseURL })
  api.interceptors.request.use(bearerAuth(refresh))
  return api
}
