// A client that proves itself with the certificate of its connection: RFC 8705.
import { Agent } from 'node:https'
import axios from 'axios'
import { AuthError, bearerAuth } from 'axios-auth-interceptors'
import { authorizationServer, tlsClientAuth } from 'axios-auth-interceptors/oauth'
import type { CertificateSetting } from './setting'

export async function run({ issuer, clientId, apiUrl, cert, key, ca }: CertificateSetting): Promise<void> {
  // `ca` is for a server of your own authority; others are known to Node.
  const client = axios.create({ httpsAgent: new Agent({ cert, key, ca }) })
  const server = authorizationServer(client, { issuer, clientId, clientAuthentication: tlsClientAuth() })
  const { token_endpoint, mtls_endpoint_aliases } = await server.metadata()
  const { origin } = new URL(token_endpoint ?? '')
  const asked = new URL(mtls_endpoint_aliases?.token_endpoint ?? '')
  console.log(`tokens are asked for at another origin: ${asked.origin !== origin}`)

  const api = axios.create({ baseURL: apiUrl }) // with tokens bound to the certificate: with the same agent
  api.interceptors.request.use(bearerAuth(server.clientCredentials()))
  const { data } = await api.get('/alerts')
  console.log(`${data.path}: as ${data.user}`)

  const bare = axios.create({ httpsAgent: new Agent({ ca }) })
  const stranger = authorizationServer(bare, { issuer, clientId, clientAuthentication: tlsClientAuth() })
  const other = axios.create({ baseURL: apiUrl })
  other.interceptors.request.use(bearerAuth(stranger.clientCredentials()))
  await other.get('/alerts').catch((error: unknown) => {
    if (!(error instanceof AuthError)) throw error
    console.log(`without the certificate: ${error.code}, ${error.error}`)
  })
}
