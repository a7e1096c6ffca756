// Microsoft Graph: "Get access without a user" and "OAuth 2.0 client credentials flow on the Microsoft identity platform".
import axios, { type AxiosInstance } from 'axios'
import { bearerAuth, clientCredentials } from 'axios-auth-interceptors'

export function graph(
  { tenant, clientId, clientSecret }: { tenant: string; clientId: string; clientSecret: string },
  issuerURL = 'https://login.microsoftonline.com',
  baseURL = 'https://graph.microsoft.com',
): AxiosInstance {
  const token = clientCredentials(axios.create({ baseURL: issuerURL }), {
    url: `/${tenant}/oauth2/v2.0/token`,
    scope: 'https://graph.microsoft.com/.default',
    clientId,
    clientSecret,
    clientAuthentication: 'body',
  })
  const api = axios.create({ baseURL })
  api.interceptors.request.use(bearerAuth(token))
  return api // api.get('/v1.0/users')
}
