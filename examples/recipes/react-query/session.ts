import { QueryClient } from '@tanstack/react-query'
import axios, { type AxiosInstance, isAxiosError } from 'axios'
import { AuthError, bearerAuth, tokenRequest, tokenSource } from 'axios-auth-interceptors'

export interface Session {
  readonly api: AxiosInstance
  readonly queries: QueryClient
  logOut(): Promise<void>
}

/** The user has logged in at the backend. Its cookie, which no script sees, brings access tokens for the API. */
export function openSession(backendUrl: string, apiUrl: string): Session {
  const backend = axios.create({ baseURL: backendUrl, withCredentials: true, timeout: 5_000 })
  const tokens = tokenSource(tokenRequest(backend, { method: 'post', url: '/session/token' }))
  const api = axios.create({ baseURL: apiUrl, timeout: 10_000 })
  api.interceptors.request.use(bearerAuth(tokens))

  const queries = new QueryClient({
    defaultOptions: { queries: { retry: (failures, error) => !isRefusal(error) && failures < 3 } },
  })

  return {
    api,
    queries,
    async logOut() {
      await queries.cancelQueries()
      tokens.clear()
      queries.clear()
      await backend.delete('/session')
    },
  }
}

/** No token could be had, or the API wants none of ours: to ask three times more would not help. */
function isRefusal(error: Error): boolean {
  return error instanceof AuthError || (isAxiosError(error) && error.response?.status === 401)
}
