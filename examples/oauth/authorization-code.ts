// A web server that calls an API for its users: RFC 6749 section 4.1, with PKCE (RFC 7636).
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import axios, { type AxiosInstance } from 'axios'
import { bearerAuth, renewWith, tokenSource } from 'axios-auth-interceptors'
import {
  type AuthorizationRequest,
  authorizationServer,
  clientSecretBasic,
} from 'axios-auth-interceptors/oauth'
import { sessionsOf } from './sessions'
import type { WebSetting } from './setting'

interface Session {
  login?: AuthorizationRequest | undefined // while the user logs in
  api?: AxiosInstance // from then on
}

export async function run(setting: WebSetting): Promise<void> {
  const { issuer, clientId, clientSecret, apiUrl, publicUrl, visit } = setting
  const server = authorizationServer(axios.create(), {
    issuer,
    clientId,
    clientAuthentication: clientSecretBasic(clientSecret),
  })
  const sessionOf = sessionsOf<Session>(() => ({}))

  /** What a user sees, or the URL where the user has to go. */
  async function answer(session: Session, url: URL): Promise<URL | string> {
    const { api, login } = session
    if (url.pathname === '/callback' && login) {
      session.login = undefined // it is good for one callback
      const source = tokenSource(
        renewWith(server.refreshToken(), server.authorizationCode({ ...login, callbackUrl: url.href })),
      )
      await source.get() // here, where an error of the login can be shown
      session.api = axios.create({ baseURL: apiUrl })
      session.api.interceptors.request.use(bearerAuth(source))
      return new URL(publicUrl)
    }
    if (!api) {
      const redirectUri = `${publicUrl}/callback`
      session.login = await server.authorizationRequest({ redirectUri, scope: 'openid read' })
      return new URL(session.login.url)
    }
    return `the calendar of ${(await api.get('/calendar')).data.user}`
  }

  const web = createServer(async (request, response) => {
    const session = sessionOf(request, response)
    response.setHeader('content-type', 'text/plain; charset=utf-8')
    try {
      const next = await answer(session, new URL(request.url ?? '', publicUrl))
      if (next instanceof URL) response.writeHead(303, { location: next.href }).end()
      else response.end(next)
    } catch (error) {
      response.writeHead(502).end(`This did not work: ${(error as Error).message}`)
    }
  })
  await new Promise<void>((listening) => web.listen(0, '127.0.0.1', listening))
  const { port } = web.address() as AddressInfo
  for (const consents of [true, false]) console.log(await visit(`http://127.0.0.1:${port}`, { consents }))
  web.close()
}
