// A program that acts for itself: RFC 6749 section 4.4. The first request brings the metadata and a token, once for all.
import axios from 'axios'
import { AuthError, bearerAuth, tokenSource } from 'axios-auth-interceptors'
import { authorizationServer, clientSecretBasic } from 'axios-auth-interceptors/oauth'
import type { ConfidentialSetting } from './setting'

export async function run({ issuer, clientId, clientSecret, apiUrl }: ConfidentialSetting): Promise<void> {
  const server = authorizationServer(axios.create({ timeout: 10_000 }), {
    issuer,
    clientId,
    clientAuthentication: clientSecretBasic(clientSecret),
  })
  const source = tokenSource(server.clientCredentials({ scope: 'read' }), {
    onEvent: (event) => console.log(`token: ${event.type}`),
  })
  const api = axios.create({ baseURL: apiUrl })
  api.interceptors.request.use(bearerAuth(source))

  const answers = await Promise.all(['/alerts', '/devices', '/users'].map((path) => api.get(path)))
  for (const { status, data } of answers) console.log(`${data.path}: ${status}, as ${data.user}`)

  // A wrong secret: the error says what the server said, and holds no secret itself.
  const stranger = authorizationServer(axios.create(), {
    issuer,
    clientId,
    clientAuthentication: clientSecretBasic('a wrong secret'),
  })
  const other = axios.create({ baseURL: apiUrl })
  other.interceptors.request.use(bearerAuth(stranger.clientCredentials()))
  await other.get('/alerts').catch((error: unknown) => {
    if (!(error instanceof AuthError)) throw error
    console.log(`with a wrong secret: ${error.code}, ${error.error}, status ${error.status}`)
  })
}
