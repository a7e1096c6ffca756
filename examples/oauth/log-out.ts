// A log-out: forget the tokens, and tell the server to end them (RFC 7009). RFC 7662 says whether it did.
import { readFile, rm, writeFile } from 'node:fs/promises'
import axios from 'axios'
import { AuthError, bearerAuth, tokenSource } from 'axios-auth-interceptors'
import { authorizationServer, clientSecretBasic } from 'axios-auth-interceptors/oauth'
import type { StoredTokenSetting } from './setting'

export async function run(setting: StoredTokenSetting): Promise<void> {
  const { issuer, clientId, clientSecret, apiUrl, tokenFile } = setting
  const server = authorizationServer(axios.create(), {
    issuer,
    clientId,
    clientAuthentication: clientSecretBasic(clientSecret),
  })
  const load = () => readFile(tokenFile, 'utf8')
  const save = (refreshToken: string) => writeFile(tokenFile, refreshToken, { mode: 0o600 })
  const source = tokenSource(server.refreshToken({ refreshToken: load, onRotate: save }))
  const api = axios.create({ baseURL: apiUrl })
  api.interceptors.request.use(bearerAuth(source))

  const { data } = await api.get('/calendar')
  console.log(`${data.path}: as ${data.user}`)
  const { value } = await source.get()
  console.log(`before: active is ${(await server.introspect(value)).active}`)

  // The log-out.
  const refreshToken = await load()
  source.clear() // no fetch under way can bring a token back
  await rm(tokenFile)
  await server.revoke(refreshToken, 'refresh_token') // most servers end its access tokens, too

  console.log(`after: active is ${(await server.introspect(value)).active}`)
  await api.get('/calendar').catch((error: unknown) => {
    if (!(error instanceof AuthError)) throw error
    console.log(`the next request: ${error.code}`) // the store is empty
  })

  // Most servers cannot revoke a JWT. That is no error: it ends by itself.
  const jwt = await tokenSource(server.clientCredentials({ resource: `${apiUrl}/jwt` })).get()
  await server.revoke(jwt.value, 'access_token')
  console.log('revoking a JWT: no error')
}
