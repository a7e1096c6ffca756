import axios, { type AxiosInstance } from 'axios'
import { basicAuth, bearerAuth, clientCredentials } from 'axios-auth-interceptors'

export interface Visibility {
  readonly issuer: AxiosInstance
  readonly api: AxiosInstance
  /** Gives the kinds of what it has found. */
  inspect(content: string): Promise<string[]>
}

export function visibility(baseURL: string, clientId: string, clientSecret: string): Visibility {
  const issuer = axios.create({ baseURL })
  issuer.interceptors.request.use(basicAuth({ username: clientId, password: clientSecret }))
  const api = axios.create({ baseURL })
  api.interceptors.request.use(bearerAuth(clientCredentials(issuer, { url: '/oauth2/token' })))

  async function inspect(content: string): Promise<string[]> {
    const { data } = await api.post<{ type: string }[]>('/inspect', { content })
    return data.map(({ type }) => type)
  }
  return { issuer, api, inspect }
}
