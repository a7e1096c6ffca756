// ServiceNow, Jira, Tufin, Censys (identical on the wire): "basic authentication" in the REST API guide of each.
import axios, { type AxiosInstance } from 'axios'
import { basicAuth } from 'axios-auth-interceptors'

export function basicApi(baseURL: string, username: string, password: string): AxiosInstance {
  const api = axios.create({ baseURL })
  api.interceptors.request.use(basicAuth({ username, password }))
  return api
}
