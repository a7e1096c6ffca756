import { AuthError } from '#lib'
import { connect } from '../../examples/recipes/proxy/through-a-proxy'
import { startForwardProxy, startServer, startTlsAuthorizationServer } from '../support/servers'
import { traces } from '../support/traces'

const PROXY = { user: 'fake-user', password: 'fake-proxy-password' }

async function setUp({ password = PROXY.password } = {}) {
  const issuer = await startTlsAuthorizationServer()
  const proxy = await startForwardProxy(PROXY)
  const server = await startServer(
    async (request, response) => {
      const token = request.headers.authorization?.slice('Bearer '.length)
      response.writeHead((await issuer.accepts(token)) ? 200 : 401).end('{}')
    },
    { tls: issuer.certificate },
  )
  const { clientId, clientSecret } = issuer.clients.basic
  const api = connect({
    ...{ issuerUrl: issuer.url, apiUrl: server.url, clientId, clientSecret },
    ...{ proxyUrl: proxy.url, proxyUser: PROXY.user, proxyPassword: password, ca: issuer.ca },
  })
  return { issuer, proxy, server, api, clientSecret }
}

const hostOf = (url: string): string => new URL(url).host

test('the token request and the requests of the API go through the proxy, in one tunnel each', async () => {
  const { issuer, proxy, server, api } = await setUp()
  for (const n of [1, 2, 3]) expect((await api.post('/things', { n })).status).toBe(200)
  expect(server.requests.map(({ body }) => body.toString())).toEqual(['{"n":1}', '{"n":2}', '{"n":3}'])
  expect(proxy.requests.map(({ method, target }) => [method, target])).toEqual([
    ['CONNECT', hostOf(issuer.url)],
    ['CONNECT', hostOf(server.url)],
  ])
})

test('the proxy gets its own credentials and none of ours, and the others get none of the proxy', async () => {
  const { issuer, proxy, server, api, clientSecret } = await setUp()
  await api.get('/things')
  await issuer.revokeAll()
  await api.get('/things')
  const basic = `Basic ${btoa(`${PROXY.user}:${PROXY.password}`)}`
  expect(proxy.requests.map(({ headers }) => headers['proxy-authorization'])).toEqual([basic, basic])
  const tokens = server.requests.map(({ headers }) => headers.authorization?.slice('Bearer '.length) ?? '')
  const ours = [clientSecret, btoa(clientSecret), ...tokens]
  expect([tokens.length, traces(proxy.requests, ours)]).toEqual([3, []])
  expect(server.requests.map(({ headers }) => headers['proxy-authorization'])).toEqual(
    tokens.map(() => undefined),
  )
})

test('a proxy that refuses its credentials fails the token request, and no print shows the password', async () => {
  const { proxy, server, api } = await setUp({ password: 'fake-wrong-password' })
  const failure: unknown = await api.get('/things').catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(AuthError)
  expect(failure).toMatchObject({ code: 'ERR_AUTH_TOKEN_REQUEST' })
  expect([proxy.requests.length, server.requests.length]).toEqual([1, 0])
  const password = 'fake-wrong-password'
  expect(traces(failure, [password, btoa(`${PROXY.user}:${password}`)])).toEqual([])
})

test('a proxy of the environment does not come before it', async () => {
  const other = await startForwardProxy(PROXY)
  process.env.HTTPS_PROXY = other.url
  try {
    const { proxy, api } = await setUp()
    expect((await api.get('/things')).status).toBe(200)
    expect([proxy.requests.length, other.requests]).toEqual([2, []])
  } finally {
    delete process.env.HTTPS_PROXY
  }
})
