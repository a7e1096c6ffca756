// Cisco XDR: "API clients" in the Cisco XDR API documentation. One token serves four API hosts; call them by absolute URL.
import axios, { type AxiosInstance } from 'axios'
import { bearerAuth, clientCredentials, tokenSource } from 'axios-auth-interceptors'

const VISIBILITY = 'https://visibility.amp.cisco.com'
const HOSTS = [
  VISIBILITY,
  'https://private.intel.amp.cisco.com',
  'https://automate.us.security.cisco.com',
  'https://conure.us.security.cisco.com',
]

export function xdr(id: string, secret: string, hosts = HOSTS, issuerURL = VISIBILITY): AxiosInstance {
  const issuer = axios.create({ baseURL: issuerURL })
  const source = tokenSource(
    clientCredentials(issuer, { url: '/iroh/oauth2/token', clientId: id, clientSecret: secret }),
  )
  const api = axios.create()
  api.interceptors.request.use(bearerAuth(source, { origins: hosts }))
  return api // api.get('https://private.intel.amp.cisco.com/ctia/incident/search')
}
