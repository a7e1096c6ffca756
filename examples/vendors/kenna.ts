// Kenna (Cisco Vulnerability Management): "Authentication" in the Kenna API reference.
import axios, { type AxiosInstance } from 'axios'
import { apiKeyAuth } from 'axios-auth-interceptors'

export function kenna(key: string, baseURL = 'https://api.kennasecurity.com'): AxiosInstance {
  const api = axios.create({ baseURL })
  api.interceptors.request.use(apiKeyAuth({ name: 'X-Risk-Token', value: key }))
  return api
}
