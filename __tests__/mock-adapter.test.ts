import axios, { type AxiosInstance } from 'axios'
import MockAdapter from 'axios-mock-adapter'
import { apiKeyAuth, basicAuth, bearerAuth, clientCredentials } from '#lib'

const baseURL = 'https://api.example.com'

/** Users install the mock before or after our interceptors. */
const orders: [string, (api: AxiosInstance, use: () => void) => MockAdapter][] = [
  [
    'before',
    (api, use) => {
      const mock = new MockAdapter(api)
      use()
      return mock
    },
  ],
  [
    'after',
    (api, use) => {
      use()
      return new MockAdapter(api)
    },
  ],
]

describe.each(orders)('my own tests with axios-mock-adapter, installed %s our interceptors', (_, install) => {
  test('the token request and the API request can both be mocked, and asserted on', async () => {
    const issuer = axios.create({ baseURL })
    const issuerMock = install(issuer, () =>
      issuer.interceptors.request.use(basicAuth({ username: 'fake-id', password: 'fake-secret' })),
    )
    issuerMock
      .onPost('/token')
      .reply(200, { access_token: 'fake-token', token_type: 'Bearer', expires_in: 600 })
    const api = axios.create({ baseURL })
    const mock = install(api, () =>
      api.interceptors.request.use(bearerAuth(clientCredentials(issuer, { url: '/token' }))),
    )
    mock.onGet('/things').reply(200, [{ id: 1 }])

    const answers = await Promise.all([api.get('/things'), api.get('/things'), api.get('/things')])
    expect(answers.map(({ data }) => data)).toEqual([[{ id: 1 }], [{ id: 1 }], [{ id: 1 }]])
    expect(issuerMock.history.post).toHaveLength(1)
    expect(issuerMock.history.post?.[0]?.data).toBe('grant_type=client_credentials')
    expect(issuerMock.history.post?.[0]?.headers?.Authorization).toBe(`Basic ${btoa('fake-id:fake-secret')}`)
    expect(mock.history.get?.map(({ headers }) => headers?.Authorization)).toEqual(
      Array.from({ length: 3 }, () => 'Bearer fake-token'),
    )
  })

  test('a mocked 401 is replayed once, and the body that matched the first time matches again', async () => {
    const api = axios.create({ baseURL })
    let calls = 0
    const mock = install(api, () => api.interceptors.request.use(bearerAuth(() => `fake-${++calls}`)))
    mock.onPost('/things', { a: 1 }).replyOnce(401).onPost('/things', { a: 1 }).reply(201, { id: 7 })
    expect((await api.post('/things', { a: 1 })).status).toBe(201)
    expect(mock.history.post?.map(({ headers }) => headers?.Authorization)).toEqual([
      'Bearer fake-1',
      'Bearer fake-2',
    ])
  })

  test('handlers that match on headers see the credentials', async () => {
    const api = axios.create({ baseURL })
    const mock = install(api, () =>
      api.interceptors.request.use(apiKeyAuth({ name: 'X-API-Key', value: 'fake-key' })),
    )
    mock.onGet('/things', { headers: expect.objectContaining({ 'X-API-Key': 'fake-key' }) }).reply(200)
    expect((await api.get('/things')).status).toBe(200)
  })

  test('network errors and timeouts of the mock come through as they are', async () => {
    const api = axios.create({ baseURL })
    const mock = install(api, () => api.interceptors.request.use(bearerAuth(() => 'fake-token')))
    mock.onGet('/down').networkError().onGet('/slow').timeout()
    await expect(api.get('/down')).rejects.toMatchObject({
      message: 'Network Error',
      config: { url: '/down' },
    })
    await expect(api.get('/slow')).rejects.toMatchObject({ code: 'ECONNABORTED' })
  })

  test('a relative URL without a baseURL is authenticated', async () => {
    const api = axios.create()
    const mock = install(api, () => api.interceptors.request.use(bearerAuth(() => 'fake-token')))
    mock.onAny().reply(200)
    await api.get('/things')
    expect(mock.history.get?.[0]?.headers?.Authorization).toBe('Bearer fake-token')
  })
})
