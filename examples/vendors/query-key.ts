// Shodan, APIVoid (identical on the wire): query parameter `key` in the REST API documentation of each.
import axios, { type AxiosInstance } from 'axios'
import { apiKeyAuth } from 'axios-auth-interceptors'

export function queryKeyApi(baseURL: string, key: string): AxiosInstance {
  const api = axios.create({ baseURL })
  api.interceptors.request.use(apiKeyAuth({ in: 'query', name: 'key', value: key }))
  return api
}
