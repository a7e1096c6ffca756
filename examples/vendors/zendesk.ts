// Zendesk: "Security and authentication", API token, in the Zendesk API reference.
import axios, { type AxiosInstance } from 'axios'
import { basicAuth } from 'axios-auth-interceptors'

export function zendesk(baseURL: string, email: string, apiToken: string): AxiosInstance {
  const api = axios.create({ baseURL })
  api.interceptors.request.use(basicAuth({ username: `${email}/token`, password: apiToken }))
  return api
}
