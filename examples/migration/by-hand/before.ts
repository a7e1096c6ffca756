import axios, { type AxiosInstance, type InternalAxiosRequestConfig } from 'axios'

export interface Tokens {
  access: string
  refresh: string
}

type Request = InternalAxiosRequestConfig & { isRetry?: boolean }

export function connect(baseURL: string, issuerUrl: string, tokens: Tokens): AxiosInstance {
  const api = axios.create({ baseURL })
  let refreshing: Promise<void> | undefined

  async function refresh(): Promise<void> {
    const parameters = new URLSearchParams({
      grant_type: 'refresh_token',
      client_id: 'public-client',
      refresh_token: tokens.refresh,
    })
    const { data } = await axios.post(`${issuerUrl}/token`, parameters)
    tokens.access = data.access_token
    tokens.refresh = data.refresh_token ?? tokens.refresh
  }

  api.interceptors.request.use((request) => {
    request.headers.Authorization = `Bearer ${tokens.access}`
    return request
  })
  api.interceptors.response.use(undefined, async (error) => {
    const request: Request | undefined = error.config
    if (error.response?.status !== 401 || !request || request.isRetry) throw error
    request.isRetry = true
    refreshing ??= refresh().finally(() => {
      refreshing = undefined
    })
    await refreshing
    return api(request)
  })
  return api
}
