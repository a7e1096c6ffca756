// Cisco Secure Firewall (FMC): "Connecting with a client" in the Management Center REST API quick start guide.
import axios, { type AxiosInstance, type AxiosResponse } from 'axios'
import { basicAuth, bearerAuth, type FetchContext, renewWith, tokenRequest } from 'axios-auth-interceptors'

const AUTH = '/api/fmc_platform/v1/auth'
const [ACCESS, REFRESH] = ['x-auth-access-token', 'x-auth-refresh-token'] as const
const read = ({ headers }: AxiosResponse) => {
  return { value: headers[ACCESS], expiresIn: 30 * 60, refresh: headers[REFRESH] }
}
const refresh = ({ previous }: FetchContext) => {
  const headers = { [ACCESS]: `${previous?.value}`, [REFRESH]: `${previous?.extra.refresh}` }
  return { url: '/refreshtoken', headers, authenticate: false as const }
}

export function fmc(baseURL: string, username: string, password: string): AxiosInstance {
  const auth = axios.create({ baseURL: baseURL + AUTH, method: 'post', maxRedirects: 0 })
  auth.interceptors.request.use(basicAuth({ username, password }))
  const login = tokenRequest(auth, { url: '/generatetoken' }, read)
  const token = renewWith(tokenRequest(auth, refresh, read), login, { times: 3 })
  const api = axios.create({ baseURL })
  api.interceptors.request.use(bearerAuth(token, { name: ACCESS }))
  return api
}
