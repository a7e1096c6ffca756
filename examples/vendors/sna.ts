// Cisco Secure Network Analytics (SNA): "Authentication" in its API documentation. The session ends after 20 idle minutes.
import axios, { type AxiosInstance } from 'axios'
import { type AccessToken, type AuthRequest, bearerAuth, tokenRequest } from 'axios-auth-interceptors'
import { parseSetCookie } from 'set-cookie-parser'

export function sna(baseURL: string, username: string, password: string): AxiosInstance {
  const issuer = axios.create({ baseURL, maxRedirects: 0 })
  const data = new URLSearchParams({ username, password })
  const config = { method: 'post', url: '/token/v2/authenticate', data }
  const login = tokenRequest(issuer, config, ({ headers }) => {
    const cookies = parseSetCookie(headers['set-cookie'] ?? [], { map: true, decodeValues: false })
    return { value: cookies['stealthwatch.jwt']?.value ?? '', xsrf: cookies['XSRF-TOKEN']?.value ?? '' }
  })
  const attach = (request: AuthRequest, { value, extra }: AccessToken) => {
    request.attach({ in: 'cookie', name: 'stealthwatch.jwt' }, value)
    request.attach({ in: 'cookie', name: 'XSRF-TOKEN' }, String(extra.xsrf))
    request.attach({ in: 'header', name: 'X-XSRF-TOKEN' }, String(extra.xsrf))
  }
  const api = axios.create({ baseURL })
  api.interceptors.request.use(bearerAuth(login, { attach }))
  return api
}
