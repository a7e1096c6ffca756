// An API that wants more for some requests: a scope (RFC 6750 section 3.1), a stronger authentication (RFC 9470).
import axios from 'axios'
import { bearerAuth, tokenSource } from 'axios-auth-interceptors'
import { authorizationServer, clientSecretBasic } from 'axios-auth-interceptors/oauth'
import type { ConfidentialSetting } from './setting'

export async function run({ issuer, clientId, clientSecret, apiUrl }: ConfidentialSetting): Promise<void> {
  const server = authorizationServer(axios.create(), {
    issuer,
    clientId,
    clientAuthentication: clientSecretBasic(clientSecret),
  })
  const source = tokenSource(server.clientCredentials({ scope: 'read' }), {
    onEvent: (event) =>
      event.type === 'fetching' && console.log(`  fetches a token: ${event.key || 'the usual'}`),
  })
  const api = axios.create({ baseURL: apiUrl })
  api.interceptors.request.use(
    bearerAuth(source, {
      stepUp: true,
      onEvent: (event) => event.type === 'refused' && console.log(`  refused with ${event.status}`),
    }),
  )
  const show = async (path: string, options = {}) =>
    console.log(`${path}: ${(await api.get(path, options)).status}`)

  await show('/balance')
  await show('/transfer') // 403, insufficient_scope: a token with that scope, and again
  await show('/payment') // 401, insufficient_user_authentication
  await show('/balance') // the usual token is still held
  // Who knows beforehand what is wanted is not refused first. These tokens are held one by one.
  await show('/transfer', { authenticate: { scope: 'write' } })
}
