// A service that calls another API for whoever calls it: RFC 8693. One token for each caller, kept while it lives.
import { AsyncLocalStorage } from 'node:async_hooks'
import { createHash } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import axios from 'axios'
import { bearerAuth, tokenSource } from 'axios-auth-interceptors'
import { authorizationServer, clientSecretBasic } from 'axios-auth-interceptors/oauth'
import type { ServiceSetting } from './setting'

export async function run(setting: ServiceSetting): Promise<void> {
  const { issuer, clientId, clientSecret, apiUrl, callAs } = setting
  const server = authorizationServer(axios.create(), {
    issuer,
    clientId,
    clientAuthentication: clientSecretBasic(clientSecret),
  })

  /** The token that the service is called with, for all that happens in that call. */
  const caller = new AsyncLocalStorage<string>()
  const callerToken = () => caller.getStore() ?? ''
  const source = tokenSource(server.tokenExchange({ subjectToken: callerToken, scope: 'read' }), {
    // Not the token itself: keys can be seen in events.
    key: () => createHash('sha256').update(callerToken()).digest('base64url'),
    onEvent: ({ type }) => type === 'fetched' && console.log('exchanged a token'),
  })
  const api = axios.create({ baseURL: apiUrl })
  api.interceptors.request.use(bearerAuth(source))

  const service = createServer(async ({ headers }, response) => {
    const token = /^Bearer (\S+)$/i.exec(headers.authorization ?? '')?.[1]
    // A real service verifies the token first, and answers 401 if it is not good.
    if (!token) return response.writeHead(401, { 'www-authenticate': 'Bearer' }).end()
    try {
      const { data } = await caller.run(token, () => api.get('/calendar'))
      return response.end(`the calendar of ${data.user}, asked for by ${data.client}`)
    } catch (error) {
      return response.writeHead(502).end((error as Error).message)
    }
  })
  await new Promise<void>((listening) => service.listen(0, '127.0.0.1', listening))
  try {
    const { port } = service.address() as AddressInfo
    for (const user of ['alice', 'bob', 'alice'])
      console.log(`${user} gets: ${await callAs(user, `http://127.0.0.1:${port}`)}`)
  } finally {
    service.close()
  }
}
