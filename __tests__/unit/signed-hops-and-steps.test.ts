import { Readable } from 'node:stream'
import axios, { type AxiosError } from 'axios'
import {
  AuthError,
  type AuthScheme,
  apiKeyAuth,
  authInterceptor,
  bearerAuth,
  type FetchContext,
  refreshToken,
  tokenSource,
} from '#lib'
import { tokenScheme } from '#lib/schemes/token-scheme'
import { startServer } from '../support/servers'
import { deferred } from '../support/token-series'

const failureOf = (request: Promise<unknown>): Promise<AxiosError> =>
  request.then(
    () => Promise.reject(new Error('it was served')),
    (error: unknown) => error as AxiosError,
  )
const LACKS_B = 'Bearer error="insufficient_scope", scope="b"'

describe.each(['http', 'fetch'])('over %s', (adapter) => {
  test('the key of an interceptor before a signing one does not follow a redirect to another origin', async () => {
    const foreign = await startServer((_, response) => response.end('arrived'))
    const home = await startServer((_, response) =>
      response.writeHead(302, { location: `${foreign.url}/there` }).end(),
    )
    const api = axios.create({ baseURL: home.url, adapter })
    api.interceptors.request.use(apiKeyAuth({ name: 'X-API-Key', value: 'fake-key' }))
    api.interceptors.request.use(
      authInterceptor({
        signsUrl: true,
        authenticate: (request) => request.attach({ in: 'header', name: 'X-Signature' }, 'fake'),
      }),
    )
    await api.get('/things')
    expect(home.requests[0]?.headers['x-api-key']).toBe('fake-key')
    expect(foreign.requests[0]?.headers['x-api-key']).toBeUndefined()
  })

  test('a redirect that echoes our signature in its query is signed anew', async () => {
    const home = await startServer(({ url = '' }, response) => {
      if (url.startsWith('/old')) response.writeHead(302, { location: url.replace('/old', '/new') }).end()
      else response.end()
    })
    const api = axios.create({ baseURL: home.url, adapter })
    api.interceptors.request.use(
      authInterceptor({
        signsUrl: true,
        authenticate: (request) =>
          request.attach({ in: 'query', name: 'sig' }, new URL(request.url).pathname.slice(1)),
      }),
    )
    await api.get('/old?a=1')
    expect(home.requests.map(({ url }) => url)).toEqual(['/old?a=1&sig=old', '/new?a=1&sig=new'])
  })

  test('an abort while a hop is authenticated rejects at once', async () => {
    const asked = deferred()
    const home = await startServer(({ url }, response) => {
      if (url === '/old') response.writeHead(302, { location: '/new' }).end()
      else response.end()
    })
    const api = axios.create({ baseURL: home.url, adapter })
    const never = new Promise<void>(() => undefined)
    api.interceptors.request.use(
      authInterceptor({
        signsUrl: true,
        authenticate(request) {
          if (request.url.endsWith('/new')) {
            asked.resolve()
            return never
          }
          return request.attach({ in: 'header', name: 'X-Signature' }, 'fake')
        },
      }),
    )
    const controller = new AbortController()
    const waiting = failureOf(api.get('/old', { signal: controller.signal }))
    await asked.promise
    controller.abort()
    expect(await waiting).toMatchObject({ code: 'ERR_CANCELED' })
  }, 2000)

  test('an AuthError of a hop has the config of my request', async () => {
    const home = await startServer((_, response) => response.writeHead(302, { location: '/new' }).end())
    const api = axios.create({ baseURL: home.url, adapter })
    api.interceptors.request.use(
      authInterceptor({
        signsUrl: true,
        authenticate(request) {
          if (request.url.endsWith('/new')) throw new AuthError('no key', 'ERR_AUTH_CREDENTIALS')
          request.attach({ in: 'header', name: 'X-Signature' }, 'fake')
        },
      }),
    )
    expect(await failureOf(api.get('/old'))).toMatchObject({
      code: 'ERR_AUTH_CREDENTIALS',
      config: { url: '/old' },
    })
  })
})

test('a stepped-up token that was revoked is replaced in the end', async () => {
  let calls = 0
  let revoked = ''
  const fetch = ({ parameters }: FetchContext): string => `fake-${parameters.scope ?? 'plain'}-${++calls}`
  const server = await startServer(({ headers: { authorization = '' } }, response) => {
    if (authorization === revoked)
      response.writeHead(401, { 'www-authenticate': 'Bearer error="invalid_token"' }).end()
    else if (authorization.includes('fake-b')) response.end()
    else response.writeHead(403, { 'www-authenticate': LACKS_B }).end()
  })
  const api = axios.create({ baseURL: server.url, validateStatus: () => true })
  api.interceptors.request.use(bearerAuth(fetch, { stepUp: true }))
  expect((await api.get('/things')).status).toBe(200)
  revoked = 'Bearer fake-b-2'
  await api.get('/things')
  await api.get('/things')
  expect((await api.get('/things')).status).toBe(200)
})

const setUpScheme = (changes: Partial<AuthScheme>) => {
  let calls = 0
  const source = tokenSource(({ parameters }) => `fake-${parameters.scope ?? 'plain'}-${++calls}`)
  const scheme = tokenScheme(source, {
    place: { in: 'header', name: 'Authorization' },
    send: (request, { value }) => request.attach({ in: 'header', name: 'Authorization' }, `Bearer ${value}`),
    isRejected: ({ status }) => status === 401,
    stepUp: true,
  })
  return authInterceptor({ ...scheme, ...changes })
}

test('what was learned after a step-up is sent with the stepped-up token', async () => {
  let n = 0
  const server = await startServer(({ headers: { authorization = '' } }, response) => {
    n += 1
    if (n === 1) response.writeHead(403, { 'www-authenticate': LACKS_B }).end()
    else if (n === 2) response.writeHead(401, { 'dpop-nonce': 'x' }).end()
    else response.writeHead(authorization.includes('fake-b') ? 200 : 403).end()
  })
  const api = axios.create({ baseURL: server.url })
  api.interceptors.request.use(setUpScheme({ learn: (response) => response.header('dpop-nonce') === 'x' }))
  expect((await api.get('/things')).status).toBe(200)
})

test('a step-up behind a redirect reaches the place that asked for it', async () => {
  const server = await startServer(({ url, headers: { authorization = '' } }, response) => {
    if (url === '/old') response.writeHead(307, { location: '/new' }).end()
    else if (authorization.includes('fake-b')) response.end()
    else response.writeHead(403, { 'www-authenticate': LACKS_B }).end()
  })
  const api = axios.create({ baseURL: server.url })
  api.interceptors.request.use(setUpScheme({ signsUrl: true }))
  expect((await api.get('/old')).status).toBe(200)
})

const LOST = /The answer to this refresh is lost/

test('an answer that is cut short is lost', async () => {
  const issuer = await startServer((_, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' })
    response.write('{"access_token":"a"', () => response.socket?.destroy())
  })
  const client = axios.create({ baseURL: issuer.url })
  const source = tokenSource(refreshToken(client, { url: '/token', refreshToken: 'r0' }))
  expect((await failureOf(source.get())).message).toMatch(LOST)
})

test('scopes in another order are the same', async () => {
  const fetch = jest.fn(() => 'fake')
  const source = tokenSource(fetch)
  await source.get({ authenticate: { scope: 'a b' } })
  await source.get({ authenticate: { scope: 'b  a' } })
  expect(fetch).toHaveBeenCalledTimes(1)
})

test('a key of the source and parameters cannot be taken for each other', async () => {
  const fetch = jest.fn(() => 'fake')
  const source = tokenSource(fetch, { key: ({ url = '' }) => url })
  await source.get({ url: '/a?scope=b' })
  await source.get({ url: '/a', authenticate: { scope: 'b' } })
  expect(fetch).toHaveBeenCalledTimes(2)
})

test('stepUp must be a boolean', () => {
  expect(() => bearerAuth(() => 'a', { stepUp: 'yes' as never })).toThrow(TypeError)
})
test.each([
  ['beforeRedirect', { beforeRedirect: () => undefined }],
  ['a stream', { method: 'post', data: Readable.from(['once']) }],
])('nor with %s', async (_, config) => {
  const foreign = await startServer((_, response) => response.end('arrived'))
  const home = await startServer((_, response) =>
    response.writeHead(303, { location: `${foreign.url}/there` }).end(),
  )
  const api = axios.create({ baseURL: home.url })
  api.interceptors.request.use(apiKeyAuth({ name: 'X-API-Key', value: 'fake-key' }))
  api.interceptors.request.use(
    authInterceptor({
      signsUrl: true,
      authenticate: (request) => request.attach({ in: 'header', name: 'X-Signature' }, 'fake'),
    }),
  )
  await api.request({ url: '/things', ...config, validateStatus: () => true })
  expect(home.requests[0]?.headers['x-api-key']).toBe('fake-key')
  expect(foreign.requests[0]?.headers['x-api-key']).toBeUndefined()
})
