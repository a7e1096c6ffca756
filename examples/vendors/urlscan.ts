// urlscan.io: "API keys" in the urlscan.io API documentation.
import axios, { type AxiosInstance } from 'axios'
import { apiKeyAuth } from 'axios-auth-interceptors'

export function urlscan(key: string, baseURL = 'https://urlscan.io/api/v1'): AxiosInstance {
  const api = axios.create({ baseURL })
  api.interceptors.request.use(apiKeyAuth({ name: 'API-Key', value: key }))
  return api
}
