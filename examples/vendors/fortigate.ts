// Fortinet FortiGate: "Using APIs", API token, in the FortiOS administration guide.
import axios, { type AxiosInstance } from 'axios'
import { apiKeyAuth } from 'axios-auth-interceptors'

export function fortiGate(baseURL: string, apiToken: string): AxiosInstance {
  const api = axios.create({ baseURL })
  api.interceptors.request.use(apiKeyAuth({ in: 'query', name: 'access_token', value: apiToken }))
  return api
}
