// BMC Remedy, Helix: "Access and authentication for the REST API" in the AR System documentation. The body is the token.
import axios, { type AxiosInstance } from 'axios'
import { bearerAuth, tokenRequest } from 'axios-auth-interceptors'

export function remedy(baseURL: string, username: string, password: string): AxiosInstance {
  const issuer = axios.create({ baseURL, maxRedirects: 0, responseType: 'text' })
  const data = new URLSearchParams({ username, password })
  const login = tokenRequest(
    issuer,
    { method: 'post', url: '/api/jwt/login', data },
    (response) => response.data,
  )
  const api = axios.create({ baseURL })
  api.interceptors.request.use(bearerAuth(login, { scheme: 'AR-JWT' }))
  return api
}
