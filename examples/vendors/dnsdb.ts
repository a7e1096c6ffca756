// Farsight DNSDB: "Authentication" in the DNSDB API version 2 documentation.
import axios, { type AxiosInstance } from 'axios'
import { apiKeyAuth } from 'axios-auth-interceptors'

export function dnsdb(key: string, baseURL = 'https://api.dnsdb.info/dnsdb/v2'): AxiosInstance {
  const api = axios.create({ baseURL })
  api.interceptors.request.use(apiKeyAuth({ name: 'X-API-Key', value: key }))
  return api
}
