// Meraki: "Authorization" and "Redirects" in the Dashboard API v1 documentation: it redirects to shards such as n1.meraki.com.
import axios, { type AxiosInstance } from 'axios'
import { apiKeyAuth } from 'axios-auth-interceptors'

export function meraki(key: string, baseURL = 'https://api.meraki.com/api/v1'): AxiosInstance {
  const home = new URL(baseURL).origin
  const origins = ({ origin, protocol, hostname }: URL) =>
    origin === home || (protocol === 'https:' && hostname.endsWith('.meraki.com'))
  const api = axios.create({ baseURL })
  api.interceptors.request.use(apiKeyAuth({ name: 'X-Cisco-Meraki-API-Key', value: key }, { origins }))
  return api
}
