// Splunk: "auth/login" in the Splunk REST API reference. The session key ends when it is idle, so its life is unknown.
import axios, { type AxiosInstance } from 'axios'
import { bearerAuth, tokenRequest } from 'axios-auth-interceptors'
import { jsonPath } from 'axios-auth-interceptors/jsonpath'

export function splunk(baseURL: string, username: string, password: string): AxiosInstance {
  const issuer = axios.create({ baseURL, maxRedirects: 0, params: { output_mode: 'json' } })
  const data = new URLSearchParams({ username, password })
  const login = tokenRequest(
    issuer,
    { method: 'post', url: '/services/auth/login', data },
    jsonPath('$.sessionKey'),
  )
  const api = axios.create({ baseURL })
  api.interceptors.request.use(bearerAuth(login, { scheme: 'Splunk' }))
  return api
}
