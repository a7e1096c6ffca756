// A client that proves itself with a signature in place of a secret: RFC 7523 section 2.2.
import axios from 'axios'
import { bearerAuth } from 'axios-auth-interceptors'
import { authorizationServer, privateKeyJwt } from 'axios-auth-interceptors/oauth'
import { importPKCS8 } from 'jose'
import type { PrivateKeySetting } from './setting'

export async function run({ issuer, clientId, apiUrl, signingKey }: PrivateKeySetting): Promise<void> {
  // The server knows the public key of this one: by registration, or from the client's JWKS.
  const key = await importPKCS8(signingKey.pem, 'ES256')

  const client = axios.create()
  client.interceptors.request.use((config) => {
    console.log(`${config.method} ${new URL(config.url ?? '').pathname}`)
    return config
  })
  const server = authorizationServer(client, {
    issuer,
    clientId,
    clientAuthentication: privateKeyJwt({ key, kid: signingKey.kid }),
    // If the server wants its token endpoint as the audience:
    // privateKeyJwt({ key, kid }, { audience: ({ token_endpoint }) => token_endpoint })
  })
  const api = axios.create({ baseURL: apiUrl })
  api.interceptors.request.use(bearerAuth(server.clientCredentials({ scope: 'read' })))

  const { data } = await api.get('/alerts')
  console.log(`${data.path}: as ${data.user}`)
}
