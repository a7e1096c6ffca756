// Jamf Pro: "Bearer tokens" in the Jamf Pro API overview; keep-alive gives a new token for the held one.
import axios, { type AxiosInstance } from 'axios'
import { basicAuth, bearerAuth, renewWith, tokenRequest } from 'axios-auth-interceptors'
import { jsonPath } from 'axios-auth-interceptors/jsonpath'

export function jamfPro(baseURL: string, username: string, password: string): AxiosInstance {
  const auth = axios.create({ baseURL: `${baseURL}/api/v1/auth`, method: 'post', maxRedirects: 0 })
  auth.interceptors.request.use(basicAuth({ username, password })) // keep-alive brings an Authorization of its own
  const read = jsonPath({ value: '$.token', expiresAt: '$.expires' })
  const login = tokenRequest(auth, { url: '/token' }, read)
  const keepAlive = tokenRequest(
    auth,
    ({ previous }) => ({ url: '/keep-alive', headers: { Authorization: `Bearer ${previous?.value}` } }),
    read,
  )
  const api = axios.create({ baseURL })
  api.interceptors.request.use(bearerAuth(renewWith(keepAlive, login)))
  return api
}
