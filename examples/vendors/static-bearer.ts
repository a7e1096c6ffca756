// Slack, Webex, Twitter (identical on the wire): RFC 6750; "bot token", "access token", "app-only" in the API docs of each.
import axios, { type AxiosInstance } from 'axios'
import { bearerAuth } from 'axios-auth-interceptors'

export function bearerApi(baseURL: string, token: string): AxiosInstance {
  const api = axios.create({ baseURL })
  api.interceptors.request.use(bearerAuth(token))
  return api
}
