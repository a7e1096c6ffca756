import axios, { type AxiosInstance } from 'axios'
// @ts-expect-error it has no types
import tokenProvider from 'axios-token-interceptor'

interface TokenResponse {
  readonly access_token: string
  readonly expires_in: number
}

export function connect(baseURL: string, clientId: string, clientSecret: string): AxiosInstance {
  const cache = tokenProvider.tokenCache(
    () =>
      axios
        .post<TokenResponse>(
          `${baseURL}/token`,
          { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret },
          { headers: { 'Content-Type': 'application/x-www-form-urlencoded' } },
        )
        .then(({ data }) => data),
    { getMaxAge: (body: TokenResponse) => body.expires_in * 1000 },
  )

  const api = axios.create({ baseURL })
  api.interceptors.request.use(
    tokenProvider({
      getToken: cache,
      headerFormatter: (body: TokenResponse) => `Bearer ${body.access_token}`,
    }),
  )
  return api
}
