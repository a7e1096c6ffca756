// ManageEngine, Zoho: "Refresh access token" and "Token validity" in the Zoho OAuth guide: ten token calls in ten minutes.
import axios, { type AxiosInstance } from 'axios'
import { AuthError, bearerAuth, refreshToken, type TokenResponse } from 'axios-auth-interceptors'

type ZohoClient = { clientId: string; clientSecret: string; refreshToken: string }

export function zoho(accountsURL: string, apiURL: string, client: ZohoClient): AxiosInstance {
  const issuer = axios.create({ baseURL: accountsURL })
  const refresh = refreshToken(issuer, { url: '/oauth/v2/token', clientAuthentication: 'body', ...client })
  const calls: number[] = []
  const api = axios.create({ baseURL: apiURL })
  const fetchToken = async (context: Parameters<typeof refresh>[0]) => {
    const retryAfter = (calls.at(-10) ?? 0) + 600_000 - Date.now()
    const message = 'Zoho allows ten token calls in ten minutes, and these were made'
    if (retryAfter > 0) throw new AuthError(message, 'ERR_AUTH_TOKEN_THROTTLED', { retryAfter })
    calls.push(Date.now())
    // Some Zoho products give `expires_in` in milliseconds; the life is one hour with all of them.
    return { ...((await refresh(context)) as TokenResponse), expires_in: 3600 }
  }
  api.interceptors.request.use(bearerAuth(fetchToken, { scheme: 'Zoho-oauthtoken' }))
  return api
}
