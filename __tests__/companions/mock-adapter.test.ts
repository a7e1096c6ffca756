import axios, { type AxiosError } from 'axios'
import MockAdapter from 'axios-mock-adapter'
import axiosRetry from 'axios-retry'
import { AuthError, apiKeyAuth, bearerAuth } from '#lib'
import { startProtectedApi } from '../support/servers'
import { tokenSeries } from '../support/token-series'
import { traces } from '../support/traces'
import { orders } from './orders'

describe.each(orders)('axios-mock-adapter, installed %s our interceptors', (_, install) => {
  /** Mocks a part of what a real server has. */
  async function setUp(options: ConstructorParameters<typeof MockAdapter>[1] = {}) {
    const issuer = tokenSeries()
    const server = await startProtectedApi({ isValid: issuer.isValid })
    const api = axios.create({ baseURL: server.url })
    let mock = undefined as unknown as MockAdapter
    install(
      () => {
        mock = new MockAdapter(api, options)
      },
      () => api.interceptors.request.use(bearerAuth(issuer.fetch)),
    )
    const sent = () => server.requests.map(({ url, headers }) => [url, headers.authorization])
    return { api, issuer, mock, server, sent }
  }

  test('what passes through to the real server carries the token, and is replayed after a 401', async () => {
    const { api, issuer, mock, sent } = await setUp({ onNoMatch: 'passthrough' })
    mock.onGet('/mocked').reply(200)
    await api.get('/mocked')
    await api.get('/real')
    issuer.revoke()
    expect((await api.post('/real', { a: 1 })).data.body).toBe('{"a":1}')
    expect(sent()).toEqual([
      ['/real', 'Bearer fake-token-1'],
      ['/real', 'Bearer fake-token-1'],
      ['/real', 'Bearer fake-token-2'],
    ])
  })

  test('what passes through shows no token in its response or its error', async () => {
    const { api, server } = await setUp({ onNoMatch: 'passthrough' })
    const response = await api.get('/real')
    server.respond((_, response) => Boolean(response.writeHead(404).end()))
    const error: unknown = await api.get('/real').catch((error: unknown) => error)
    expect(error).toMatchObject({ response: { status: 404 } })
    expect(traces([response, error], ['fake-token'])).toEqual([])
  })

  test('after restore() the same instance goes on with the real server', async () => {
    const { api, mock, sent } = await setUp()
    mock.onAny().reply(200)
    await api.get('/mocked')
    mock.restore()
    expect((await api.get('/real')).status).toBe(200)
    expect(sent()).toEqual([['/real', 'Bearer fake-token-1']])
  })

  test('a request that matches no handler is answered by the mock, after the token was fetched', async () => {
    const { api, issuer } = await setUp()
    await expect(api.get('/nothing')).rejects.toMatchObject({ response: { status: 404 } })
    expect(issuer.calls).toBe(1)
  })

  test('with throwException the error of the mock comes through as it is', async () => {
    const { api, issuer } = await setUp({ onNoMatch: 'throwException' })
    const error = (await api.get('/nothing').catch((error: unknown) => error)) as AxiosError
    expect([error.message, issuer.calls]).toEqual([expect.stringContaining('Could not find mock'), 1])
  })

  test('a mocked 503 is retried by axios-retry, and a mocked 401 replayed', async () => {
    const { api, mock } = await setUp()
    axiosRetry(api, { retries: 3, retryDelay: () => 0 })
    mock.onGet('/things').replyOnce(503).onGet('/things').replyOnce(401).onGet('/things').reply(200)
    expect((await api.get('/things')).status).toBe(200)
    expect(mock.history.get?.map(({ headers }) => headers?.Authorization)).toEqual([
      'Bearer fake-token-1',
      'Bearer fake-token-1',
      'Bearer fake-token-2',
    ])
  })

  test('a mock of the API alone is not asked when no token can be had', async () => {
    const api = axios.create({ baseURL: 'https://api.example.com' })
    const mocks: MockAdapter[] = []
    install(
      () => mocks.push(new MockAdapter(api)),
      () => api.interceptors.request.use(bearerAuth(() => Promise.reject(new Error('issuer down')))),
    )
    mocks[0]?.onAny().reply(200)
    await expect(api.get('/things')).rejects.toBeInstanceOf(AuthError)
    expect(mocks[0]?.history).toHaveLength(0)
  })

  test('an API key in the query is in the params of its history', async () => {
    const api = axios.create({ baseURL: 'https://api.example.com' })
    const mocks: MockAdapter[] = []
    install(
      () => mocks.push(new MockAdapter(api)),
      () => api.interceptors.request.use(apiKeyAuth({ in: 'query', name: 'api_key', value: 'fake-key' })),
    )
    mocks[0]?.onGet('/things', { params: { a: 1, api_key: 'fake-key' } }).reply(200)
    const response = await api.get('/things', { params: { a: 1 } })
    expect([response.status, response.config.params]).toEqual([200, { a: 1 }])
  })
})
