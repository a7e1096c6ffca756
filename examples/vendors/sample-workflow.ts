// Cisco Threat Response, the sample workflow: "API client" in the Threat Response API documentation.
import axios, { type AxiosInstance } from 'axios'
import { basicAuth, bearerAuth, tokenRequest } from 'axios-auth-interceptors'
import { jsonPath } from 'axios-auth-interceptors/jsonpath'

export function threatResponse(issuerURL: string, apiURL: string, id: string, secret: string): AxiosInstance {
  const issuer = axios.create({ baseURL: issuerURL })
  issuer.interceptors.request.use(basicAuth({ username: id, password: secret }))
  const data = new URLSearchParams({ grant_type: 'client_credentials' })
  const paths = { value: '$.access_token', expiresIn: '$.expires_in' }
  const token = tokenRequest(issuer, { method: 'post', url: '/iroh/oauth2/token', data }, jsonPath(paths))
  const api = axios.create({ baseURL: apiURL })
  api.interceptors.request.use(bearerAuth(token))
  return api // api.post('/iroh/iroh-inspect/inspect', { content: 'evil.example.com' })
}
