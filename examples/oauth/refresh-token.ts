// A refresh token from an earlier login: RFC 6749 section 6. Its successors are stored before they are needed.
import { readFile, rename, writeFile } from 'node:fs/promises'
import axios from 'axios'
import { AuthError, bearerAuth, tokenSource } from 'axios-auth-interceptors'
import { authorizationServer, clientSecretBasic } from 'axios-auth-interceptors/oauth'
import type { StoredTokenSetting } from './setting'

export async function run({
  issuer,
  clientId,
  clientSecret,
  apiUrl,
  tokenFile,
}: StoredTokenSetting): Promise<void> {
  const store = {
    load: () => readFile(tokenFile, 'utf8'),
    // Whole or not at all, and for nobody else's eyes.
    async save(refreshToken: string) {
      await writeFile(`${tokenFile}.new`, refreshToken, { mode: 0o600 })
      await rename(`${tokenFile}.new`, tokenFile)
      console.log('stored a new refresh token')
    },
  }
  const server = authorizationServer(axios.create(), {
    issuer,
    clientId,
    clientAuthentication: clientSecretBasic(clientSecret),
  })
  const source = tokenSource(server.refreshToken({ refreshToken: store.load, onRotate: store.save }))
  const api = axios.create({ baseURL: apiUrl })
  api.interceptors.request.use(bearerAuth(source))

  const first = await store.load()
  const { data } = await api.get('/calendar')
  console.log(`${data.path}: as ${data.user}`)
  await source.renew() // what the next request would do when the token is about to expire

  // Another process that has kept the first one: the server takes it for stolen, and ends all that came of it.
  const other = tokenSource(server.refreshToken({ refreshToken: first }))
  await other.get().catch(report('a used refresh token'))
  await source.renew().catch(report('and its successor'))
}

/** With `invalid_grant` there is nothing left but a new login. */
const report = (what: string) => (error: unknown) => {
  if (!(error instanceof AuthError)) throw error
  console.log(`${what}: ${error.error}`)
}
