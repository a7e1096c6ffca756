import axios from 'axios'
import { type AuthInterceptor, apiKeyAuth, authInterceptor, basicAuth, bearerAuth, tokenSource } from '#lib'
import { startServer } from './support/servers'

/** What a real server receives from an instance with this interceptor. */
async function received(interceptor: AuthInterceptor, adapter = 'http', path = '/things') {
  const server = await startServer((_, response) => response.end())
  const api = axios.create({ baseURL: server.url, adapter })
  api.interceptors.request.use(interceptor)
  await api.get(path, { params: { q: 'kept' }, headers: { Cookie: 'mine=kept' } })
  const [request] = server.requests
  return { ...request?.headers, url: request?.url }
}

const decoded = (authorization: string | undefined): string =>
  Buffer.from(authorization?.replace('Basic ', '') ?? '', 'base64').toString('utf8')

describe('basicAuth', () => {
  test.each([
    ['plain', 'fake-user', 'fake-password'],
    ['a colon in the password', 'fake-user', 'a:b:c'],
    ['UTF-8', 'jürgen', 'pässwörd€😀'],
    ['an empty password', 'fake-user', ''],
    ['an empty user-id', '', 'fake-password'],
    ['blanks and signs', 'user@example.com/token', ' %+&= '],
  ])('sends user-id and password: %s', async (_, username, password) => {
    const { authorization } = await received(basicAuth({ username, password }))
    expect(decoded(authorization)).toBe(`${username}:${password}`)
  })

  test('sends the exact header of RFC 7617', async () => {
    const { authorization } = await received(basicAuth({ username: 'Aladdin', password: 'open sesame' }))
    expect(authorization).toBe('Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==')
  })

  test('asks functions for each request, so that secrets may rotate', async () => {
    let version = 0
    const interceptor = basicAuth({ username: () => 'fake-user', password: async () => `fake-${++version}` })
    const first = await received(interceptor)
    const second = await received(interceptor)
    expect([decoded(first.authorization), decoded(second.authorization)]).toEqual([
      'fake-user:fake-1',
      'fake-user:fake-2',
    ])
  })

  test.each<[string, () => unknown]>([
    [
      'throws',
      () => {
        throw new Error('the vault is sealed')
      },
    ],
    ['rejects', () => Promise.reject(new Error('the vault is sealed'))],
    ['gives nothing', () => undefined],
    ['gives a line break', () => 'fake\n'],
  ])('a function that %s fails the request, and nothing is sent', async (_, password) => {
    const server = await startServer((_, response) => response.end())
    const api = axios.create({ baseURL: server.url })
    api.interceptors.request.use(basicAuth({ username: 'fake-user', password: password as () => string }))
    await expect(api.get('/things')).rejects.toMatchObject({
      code: 'ERR_AUTH_CREDENTIALS',
      message: expect.stringContaining('`password`'),
      config: { url: '/things' },
    })
    expect(server.requests).toHaveLength(0)
  })
})

test('a user-id and a password that both cannot be had are one failure', async () => {
  const unhandled: unknown[] = []
  const note = (reason: unknown): void => void unhandled.push(reason)
  // Jest hides the events of the process from tests.
  const { default: real } = await nativeImport<{ default: NodeJS.Process }>('node:process')
  real.on('unhandledRejection', note)
  const api = axios.create({ baseURL: 'http://localhost:9' })
  const sealed = new Error('the vault is sealed')
  const password = (): string => {
    throw sealed
  }
  api.interceptors.request.use(basicAuth({ username: () => Promise.reject(sealed), password }))
  await expect(api.get('/things')).rejects.toMatchObject({ code: 'ERR_AUTH_CREDENTIALS' })
  await new Promise((resolve) => setImmediate(resolve))
  real.off('unhandledRejection', note)
  expect(unhandled).toEqual([])
})

describe.each(['http', 'fetch'])('apiKeyAuth over the %s adapter', (adapter) => {
  test('sends a key in a header', async () => {
    expect(await received(apiKeyAuth({ name: 'X-API-Key', value: 'fake-key' }), adapter)).toMatchObject({
      'x-api-key': 'fake-key',
    })
  })

  test('sends a key in the query and keeps the other parameters', async () => {
    const { url } = await received(
      apiKeyAuth({ name: 'access_token', value: 'fake/+ key&', in: 'query' }),
      adapter,
      '/things?a=1',
    )
    const query = new URL(url ?? '', 'http://localhost').searchParams
    expect([...query]).toEqual([
      ['a', '1'],
      ['q', 'kept'],
      ['access_token', 'fake/+ key&'],
    ])
  })

  test.each<[string, () => unknown]>([
    ['an object, with all that axios can write', () => ({ a: { b: [1, 2] }, c: 'd e' })],
    ['URLSearchParams', () => new URLSearchParams('a=1&a=2')],
  ])('writes a key beside parameters in %s, which stay as they are', async (_, paramsOf) => {
    const server = await startServer((_, response) => response.end())
    const api = axios.create({ baseURL: server.url, adapter })
    api.interceptors.request.use(apiKeyAuth({ name: 'key', value: 'fake-key', in: 'query' }))
    const params = paramsOf()
    const { config } = await api.get('/things', { params })
    expect(server.requests[0]?.url).toBe(
      `${axios.getUri({ url: '/things', params: paramsOf() })}&key=fake-key`,
    )
    expect(config.params).toEqual(paramsOf())
    expect(params).toEqual(paramsOf())
  })

  test('sends a key in a cookie beside those that are there', async () => {
    expect(
      await received(apiKeyAuth({ name: 'sid', value: 'fake-key', in: 'cookie' }), adapter),
    ).toMatchObject({ cookie: 'mine=kept; sid=fake-key' })
  })

  test('sends a key in a cookie beside a list of them', async () => {
    const server = await startServer((_, response) => response.end())
    const api = axios.create({ baseURL: server.url, adapter })
    api.interceptors.request.use(apiKeyAuth({ name: 'sid', value: 'fake-cookie', in: 'cookie' }))
    // What the types leave out, axios sends.
    const Cookie = ['mine=kept', 'also=kept'] as unknown as string
    await api.get('/things', { headers: { Cookie } })
    await api.get('/things', { headers: { Cookie: [...Cookie, 'sid=own'] as unknown as string } })
    expect(server.requests[0]?.headers.cookie).toBe('mine=kept; also=kept; sid=fake-cookie')
    expect(server.requests[1]?.headers.cookie).not.toContain('fake-cookie')
  })

  test('asks a function for each request', async () => {
    expect(
      await received(apiKeyAuth({ name: 'X-API-Key', value: async () => 'fake-rotated' }), adapter),
    ).toMatchObject({ 'x-api-key': 'fake-rotated' })
  })
})

describe('bearerAuth', () => {
  const cases: [string, () => AuthInterceptor, object][] = [
    ['a fixed token', () => bearerAuth('fake-token'), { authorization: 'Bearer fake-token' }],
    [
      'another scheme word',
      () => bearerAuth('fake-token', { scheme: 'Zoho-oauthtoken' }),
      { authorization: 'Zoho-oauthtoken fake-token' },
    ],
    ['the bare token', () => bearerAuth('fake-token', { scheme: '' }), { authorization: 'fake-token' }],
    [
      'another header, bare',
      () => bearerAuth('fake-token', { name: 'X-auth-access-token' }),
      { 'x-auth-access-token': 'fake-token' },
    ],
    [
      'another header with a scheme word',
      () => bearerAuth('fake-token', { name: 'X-Auth', scheme: 'Token' }),
      { 'x-auth': 'Token fake-token' },
    ],
    [
      'the query, as RFC 6750 names it',
      () => bearerAuth('fake-token', { in: 'query' }),
      { url: '/things?q=kept&access_token=fake-token' },
    ],
    [
      'the query by the name of the header, bare',
      () => bearerAuth('fake-token', { in: 'query', name: 'Authorization' }),
      { url: '/things?q=kept&Authorization=fake-token' },
    ],
    [
      'a token of type DPoP under a word that is not Bearer',
      () => bearerAuth(() => ({ access_token: 'fake-token', token_type: 'DPoP' }), { scheme: 'ApiToken' }),
      { authorization: 'ApiToken fake-token' },
    ],
    [
      'a cookie',
      () => bearerAuth('fake-token', { in: 'cookie', name: 'session' }),
      { cookie: 'mine=kept; session=fake-token' },
    ],
    [
      'several values at once, placed by hand',
      () =>
        bearerAuth(() => ({ value: 'fake-token', xsrf: 'fake-xsrf' }), {
          attach(request, token) {
            request.attach({ in: 'cookie', name: 'jwt' }, token.value)
            request.attach({ in: 'header', name: 'X-XSRF-TOKEN' }, String(token.extra.xsrf))
          },
        }),
      { cookie: 'mine=kept; jwt=fake-token', 'x-xsrf-token': 'fake-xsrf' },
    ],
  ]
  test.each(cases)('sends %s', async (_, make, expected) => {
    expect(await received(make())).toMatchObject(expected)
  })

  test('a token in the query or in a cookie stands there once after a replay, too', async () => {
    const server = await startServer((request, response) =>
      response.writeHead(server.requests.length > 1 ? 200 : 401).end(request.url),
    )
    const api = axios.create({ baseURL: server.url })
    let calls = 0
    api.interceptors.request.use(bearerAuth(() => `fake-${++calls}`, { in: 'query' }))
    await api.get('/things', { params: { a: 1 } })
    expect(server.requests.map(({ url }) => url)).toEqual([
      '/things?a=1&access_token=fake-1',
      '/things?a=1&access_token=fake-2',
    ])
  })

  test('a token that would be more than one cookie is not sent as one', async () => {
    const { api, server } = await withToken('fake;other=1')
    await expect(api.get('/things')).rejects.toMatchObject({ code: 'ERR_AUTH_TOKEN_RESPONSE' })
    expect(server.requests).toHaveLength(0)
    expect(() => bearerAuth('fake;other=1', { in: 'cookie', name: 'session' })).toThrow(TypeError)
  })

  async function withToken(token: string) {
    const server = await startServer((_, response) => response.end())
    const api = axios.create({ baseURL: server.url })
    api.interceptors.request.use(bearerAuth(() => token, { in: 'cookie', name: 'session' }))
    return { api, server }
  }

  test('tells of the tokens of a function, too', async () => {
    const types: string[] = []
    await received(bearerAuth(() => 'fake-token', { onEvent: ({ type }) => types.push(type) }))
    expect(types).toEqual(['fetching', 'fetched'])
  })

  test('one source serves several instances', async () => {
    const server = await startServer((_, response) => response.end())
    let calls = 0
    const source = tokenSource(() => `fake-${++calls}`)
    const instances = [1, 2, 3].map(() => axios.create({ baseURL: server.url }))
    for (const instance of instances) instance.interceptors.request.use(bearerAuth(source))
    await Promise.all(instances.map((instance) => instance.get('/things')))
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual(
      Array.from({ length: 3 }, () => 'Bearer fake-1'),
    )
  })
})

test.each([
  ['user-id', (secret: () => string) => basicAuth({ username: secret, password: '' })],
  ['password', (secret: () => string) => basicAuth({ username: '', password: secret })],
  ['key', (secret: () => string) => apiKeyAuth({ name: 'Authorization', value: secret })],
])('a function that gives a %s is not asked for a request that brings its own', async (_, interceptorOf) => {
  const server = await startServer((_, response) => response.end())
  const api = axios.create({ baseURL: server.url, headers: { Authorization: 'Fake own' } })
  const secret = jest.fn(() => 'fake-secret')
  api.interceptors.request.use(interceptorOf(secret))
  await api.get('/things')
  expect(secret).not.toHaveBeenCalled()
  expect(server.requests[0]?.headers.authorization).toBe('Fake own')
})

describe('authInterceptor', () => {
  test("a scheme of one's own sees the request as it will be sent", async () => {
    const seen: unknown[] = []
    const server = await startServer((_, response) => response.end())
    const api = axios.create({ baseURL: server.url })
    api.interceptors.request.use(
      authInterceptor({
        authenticate(request) {
          seen.push(request.method, request.url, request.body, request.config.timeout)
          request.attach({ in: 'header', name: 'X-Signature' }, 'fake-signature')
        },
      }),
    )
    await api.post('/things?a=1', { b: 2 }, { params: { c: 'd e' }, timeout: 1000 })
    expect(seen).toEqual(['POST', `${server.url}/things?a=1&c=d+e`, '{"b":2}', 1000])
    expect(server.requests[0]?.headers['x-signature']).toBe('fake-signature')
  })

  test('answer sees status, headers, challenges and body, and decides about the one replay', async () => {
    const server = await startServer((_, response) =>
      response
        .writeHead(server.requests.length > 1 ? 200 : 409, {
          'X-Nonce': 'fake-nonce',
          'WWW-Authenticate': 'Fake realm="x"',
        })
        .end('try again'),
    )
    const api = axios.create({ baseURL: server.url })
    let nonce: string | undefined
    const seen: unknown[] = []
    api.interceptors.request.use(
      authInterceptor({
        authenticate: (request) => request.attach({ in: 'header', name: 'X-Proof' }, `fake-${nonce}`),
        async answer(response) {
          nonce = response.header('x-nonce')
          seen.push(response.status, response.data, response.challenges, response.header('missing'))
          return response.status === 409
        },
      }),
    )
    await api.get('/things')
    expect(seen).toEqual([409, 'try again', [{ scheme: 'fake', parameters: { realm: 'x' } }], undefined])
    expect(server.requests.map(({ headers }) => headers['x-proof'])).toEqual([
      'fake-undefined',
      'fake-fake-nonce',
    ])
  })

  test("what a scheme throws is the caller's error, and the config is as it was", async () => {
    const server = await startServer((_, response) => response.end())
    const api = axios.create({ baseURL: server.url })
    const failure = new Error('no key')
    const id = api.interceptors.request.use(
      authInterceptor({
        authenticate(request) {
          request.attach({ in: 'header', name: 'X-Half' }, 'fake-half')
          throw failure
        },
      }),
    )
    await expect(api.get('/things')).rejects.toBe(failure)
    api.interceptors.request.eject(id)
    await api.get('/things')
    expect(server.requests.map(({ headers }) => headers['x-half'])).toEqual([undefined])
  })
})
