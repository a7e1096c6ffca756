/**
 * A browser's XMLHttpRequest, as jsdom has it, with real CORS: page, API and foreign host are different origins.
 * @jest-environment <rootDir>/__tests__/browser-environment.cjs
 */
import axios from 'axios'
import { apiKeyAuth, bearerAuth } from '#lib'
import { startProtectedApi, startServer } from './support/servers'
import { deferred, tokenSeries } from './support/token-series'
import { traces } from './support/traces'

async function setUp() {
  const issuer = tokenSeries()
  const server = await startProtectedApi({ isValid: issuer.isValid, cors: true })
  const api = axios.create({ baseURL: server.url, adapter: 'xhr' })
  api.interceptors.request.use(bearerAuth(issuer.fetch))
  return { issuer, server, api }
}

test('this is a browser as far as axios knows', () => {
  expect(typeof XMLHttpRequest).toBe('function')
  expect(axios.getAdapter(['xhr', 'http', 'fetch'])).toBe(axios.getAdapter('xhr'))
})

test('one token call for 50 first requests, and each carries it', async () => {
  const { issuer, server, api } = await setUp()
  await Promise.all(Array.from({ length: 50 }, () => api.get('/things')))
  expect(issuer.calls).toBe(1)
  expect(new Set(server.requests.map(({ headers }) => headers.authorization))).toEqual(
    new Set(['Bearer fake-token-1']),
  )
})

test('a revoked token is replaced and each request replayed with the same body', async () => {
  const { issuer, server, api } = await setUp()
  await api.get('/first')
  issuer.revoke()
  const answers = await Promise.all([1, 2, 3].map((n) => api.post('/things', { n })))
  expect(answers.map(({ data }) => data.body)).toEqual(['{"n":1}', '{"n":2}', '{"n":3}'])
  expect([issuer.calls, server.requests.length <= 7]).toEqual([2, true])
})

test('a form is replayed with its fields', async () => {
  const { issuer, server, api } = await setUp()
  await api.get('/first')
  issuer.revoke()
  const form = new FormData()
  form.append('name', 'value')
  await api.post('/things', form)
  const [, first, second] = server.requests
  expect(
    [first, second].map((request) => request?.body.toString().includes('name="name"\r\n\r\nvalue')),
  ).toEqual([true, true])
})

test('aborting while the token is fetched rejects at once and sends nothing', async () => {
  const token = deferred<string>()
  const asked = deferred()
  const server = await startServer((_, response) => response.end(), { cors: true })
  const api = axios.create({ baseURL: server.url, adapter: 'xhr' })
  const fetch = (): Promise<string> => {
    asked.resolve()
    return token.promise
  }
  api.interceptors.request.use(bearerAuth(fetch))
  const controller = new AbortController()
  const aborted = api.get('/things', { signal: controller.signal }).catch((error: unknown) => error)
  await asked.promise
  controller.abort()
  expect(await aborted).toMatchObject({ code: 'ERR_CANCELED' })
  token.resolve('fake-token')
  expect(server.requests).toHaveLength(0)
})

test('a relative URL belongs to the page, an absolute one elsewhere gets nothing', async () => {
  const foreign = await startServer((_, response) => response.end(), { cors: true })
  const api = axios.create({ adapter: 'xhr', baseURL: 'http://localhost/' })
  api.interceptors.request.use(bearerAuth(() => 'fake-token'))
  await api.get(`${foreign.url}/things`)
  expect(foreign.requests[0]?.headers.authorization).toBeUndefined()
})

test('a key in the query is sent, and shown neither by the response nor by its request', async () => {
  const server = await startServer((_, response) => response.writeHead(500).end(), { cors: true })
  const api = axios.create({ baseURL: server.url, adapter: 'xhr' })
  api.interceptors.request.use(apiKeyAuth({ name: 'key', value: 'canary-key', in: 'query' }))
  const error = (await api.get('/things').catch((error: unknown) => error)) as {
    request: XMLHttpRequest
    response: unknown
  }
  expect(server.requests[0]?.url).toBe('/things?key=canary-key')
  expect(error.request.responseURL).toBe(`${server.url}/things?key=[redacted]`)
  expect(error.request.status).toBe(500)
  expect(traces(error.request, ['canary-key'])).toEqual([])
  expect(traces(error.response, ['canary-key'])).toEqual([])
})
