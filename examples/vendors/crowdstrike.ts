// CrowdStrike Falcon: "OAuth2-based APIs" in the Falcon API documentation. Its token answer has status 201.
import axios, { type AxiosInstance } from 'axios'
import { bearerAuth, clientCredentials } from 'axios-auth-interceptors'

export function falcon(
  clientId: string,
  clientSecret: string,
  baseURL = 'https://api.crowdstrike.com',
): AxiosInstance {
  const token = clientCredentials(axios.create({ baseURL }), {
    url: '/oauth2/token',
    clientId,
    clientSecret,
    clientAuthentication: 'body',
  })
  const api = axios.create({ baseURL })
  api.interceptors.request.use(bearerAuth(token))
  return api
}
