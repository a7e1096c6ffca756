// SentinelOne: "API token" in the Management Console API documentation.
import axios, { type AxiosInstance } from 'axios'
import { bearerAuth } from 'axios-auth-interceptors'

export function sentinelOne(baseURL: string, apiToken: string): AxiosInstance {
  const api = axios.create({ baseURL })
  api.interceptors.request.use(bearerAuth(apiToken, { scheme: 'ApiToken' }))
  return api
}
