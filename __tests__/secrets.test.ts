import { Agent } from 'node:http'
import { Readable } from 'node:stream'
import axios, {
  type AxiosAdapter,
  AxiosError,
  type AxiosInstance,
  type InternalAxiosRequestConfig,
} from 'axios'
import MockAdapter from 'axios-mock-adapter'
import {
  AuthError,
  type AuthEvent,
  apiKeyAuth,
  basicAuth,
  bearerAuth,
  clientCredentials,
  refreshToken,
  type TokenEvent,
  tokenSource,
} from '#lib'
import { startServer } from './support/servers'
import { deferred } from './support/token-series'
import { traces } from './support/traces'

const TOKEN = 'canary-token-1f'
const KEY = 'canary-key-2e'
const PARAM = 'canary param/3d'
const COOKIE = 'canary-cookie-4c'
const PASSWORD = 'canary-password-5b'
const CANARIES = [
  TOKEN,
  KEY,
  PARAM,
  'canary%20param',
  'canary+param',
  COOKIE,
  PASSWORD,
  btoa(`fake-user:${PASSWORD}`),
]

function withEverything(api: AxiosInstance): void {
  api.interceptors.request.use(bearerAuth(() => TOKEN))
  api.interceptors.request.use(apiKeyAuth({ name: 'X-API-Key', value: KEY }))
  api.interceptors.request.use(apiKeyAuth({ name: 'api_key', value: PARAM, in: 'query' }))
  api.interceptors.request.use(apiKeyAuth({ name: 'sid', value: COOKIE, in: 'cookie' }))
}

const failureOf = (request: Promise<unknown>): Promise<AxiosError> =>
  request.then(
    () => Promise.reject(new Error('it was served')),
    (error: unknown) => error as AxiosError,
  )

describe.each(['http', 'fetch'])('over the %s adapter', (adapter) => {
  test('my logs of a served response show no credentials', async () => {
    const server = await startServer((_, response) => response.end('served'))
    const api = axios.create({ baseURL: server.url, adapter })
    withEverything(api)
    const response = await api.post('/things', { a: 1 })
    expect(server.requests[0]?.headers).toMatchObject({
      authorization: `Bearer ${TOKEN}`,
      'x-api-key': KEY,
      cookie: `sid=${COOKIE}`,
    })
    expect(traces(response, CANARIES)).toEqual([])
    expect(traces(response.request, CANARIES)).toEqual([])
    expect(traces(response.config, CANARIES)).toEqual([])
  })

  test.each<[string, (api: AxiosInstance) => Promise<unknown>]>([
    ['a refusal', (api) => api.get('/401')],
    ['a server error', (api) => api.get('/500')],
    ['a broken connection', (api) => api.get('/broken')],
    ['a timeout', (api) => api.get('/silent', { timeout: 30 })],
    ['an answer too large', (api) => api.get('/500', { maxContentLength: 1 })],
    ['an abort', (api) => api.get('/silent', { signal: AbortSignal.timeout(30) })],
    [
      'a transform that throws',
      (api) => api.get('/text', { transformResponse: () => JSON.parse('{') as unknown }),
    ],
  ])('my logs of %s show no credentials', async (_, send) => {
    const server = await startServer((request, response) => {
      const path = request.url?.split('?')[0]
      if (path === '/broken') request.socket.destroy()
      else if (path !== '/silent') response.writeHead(Number(path?.slice(1)) || 200).end('some text')
    })
    const api = axios.create({ baseURL: server.url, adapter })
    withEverything(api)
    const error = await failureOf(send(api))
    expect(traces(error, CANARIES)).toEqual([])
    expect(traces(error.request, CANARIES)).toEqual([])
    expect(traces(error.response, CANARIES)).toEqual([])
    expect(traces(error.cause, CANARIES)).toEqual([])
    expect(traces(error.toJSON?.(), CANARIES)).toEqual([])
  })

  test('my logs of a refused connection show no credentials', async () => {
    const api = axios.create({ baseURL: 'http://127.0.0.1:9', adapter })
    withEverything(api)
    const error = await failureOf(api.get('/things'))
    expect(traces(error, CANARIES)).toEqual([])
    expect(traces(error.request, CANARIES)).toEqual([])
  })

  test('an error shows nothing of other requests that are in flight through the same agent', async () => {
    const answered = deferred()
    const server = await startServer(async (request, response) => {
      if (!request.url?.startsWith('/500')) await answered.promise
      response.writeHead(500).end()
    })
    const httpAgent = new Agent({ keepAlive: true, maxSockets: 3 })
    const api = axios.create({ baseURL: server.url, adapter })
    withEverything(api)
    const others = Array.from({ length: 5 }, () => failureOf(api.get('/held', { httpAgent })))
    const error = await failureOf(api.get('/500'))
    expect(traces(error, CANARIES)).toEqual([])
    answered.resolve()
    await Promise.all(others)
  })

  test('a stream that was sent shows nothing of the request that it was piped into', async () => {
    const server = await startServer((_, response) =>
      response.writeHead(server.requests.length > 1 ? 200 : 401).end(),
    )
    const api = axios.create({ baseURL: server.url, adapter })
    withEverything(api)
    const stream = () =>
      adapter === 'http' ? Readable.from([Buffer.from('abc')]) : new Blob(['abc']).stream()
    const error = await failureOf(api.post('/things', stream()))
    expect(error.response?.status).toBe(401)
    const response = await api.post('/things', stream())
    for (const seen of [error, response]) {
      expect(traces(seen, CANARIES).filter((trace) => !trace.includes('hidden'))).toEqual([])
    }
  })

  test('a streamed response shows no credentials', async () => {
    const server = await startServer((_, response) => response.end('served'))
    const api = axios.create({ baseURL: server.url, adapter, responseType: 'stream' })
    withEverything(api)
    const response = await api.get('/things')
    expect(traces(response, CANARIES.slice(0, 6)).filter((trace) => !trace.includes('hidden'))).toEqual([])
    let text = ''
    for await (const chunk of response.data as AsyncIterable<Uint8Array>)
      text += Buffer.from(chunk).toString()
    expect(text).toBe('served')
  })

  test('the request object can still be read', async () => {
    const server = await startServer((request, response) => {
      if (request.url?.startsWith('/old')) response.writeHead(302, { location: '/new' }).end()
      else response.end()
    })
    const api = axios.create({ baseURL: server.url, adapter })
    withEverything(api)
    const { request } = (await api.get('/old')) as {
      request: Record<string, unknown> & {
        res?: { responseUrl: string }
        socket?: { remoteAddress: string }
        getHeader?(name: string): string
      }
    }
    expect(request.method).toBe('GET')
    if (adapter === 'fetch') {
      expect(request.url).toBe(`${server.url}/new?api_key=[redacted]`)
      return
    }
    expect(request.res?.responseUrl).toBe(`${server.url}/new?api_key=[redacted]`)
    expect(request.socket?.remoteAddress).toBe('127.0.0.1')
    expect(request.getHeader?.('X-API-Key')).toBe('[redacted]')
  })
})

test('I may put something else in place of the request object', async () => {
  const server = await startServer((_, response) => response.end())
  const api = axios.create({ baseURL: server.url })
  withEverything(api)
  const response = (await api.get('/things')) as { request?: unknown }
  for (const mine of ['mine', undefined, { of: 'mine' }]) {
    response.request = mine
    expect(response.request).toBe(mine)
    expect(Object.keys(response)).toContain('request')
  }
  delete response.request
  expect(response).not.toHaveProperty('request')
})

describe("an error of my own adapter's", () => {
  const own = (config: InternalAxiosRequestConfig): Error => Object.assign(new Error('mine'), { config })
  const response = (config: InternalAxiosRequestConfig): Error =>
    Object.assign(own({ ...config }), { response: { config, request: { headers: { ...config.headers } } } })
  const rejects =
    (error: (config: InternalAxiosRequestConfig) => Error): AxiosAdapter =>
    (config) =>
      Promise.reject(error(config))

  test.each<[string, AxiosAdapter]>([
    [
      'is thrown at once',
      (config) => {
        throw new AxiosError('mine', 'MINE', config)
      },
    ],
    ['is none of axios, and has the config', rejects(own)],
    ['has a copy of it, and a response', rejects(response)],
    ['has it in its cause', rejects((config) => new Error('mine', { cause: own(config) }))],
  ])('that %s shows no credentials', async (_, adapter) => {
    const api = axios.create({ baseURL: 'https://api.example', adapter })
    withEverything(api)
    const error = await failureOf(api.get('/things'))
    expect(error.message).toBe('mine')
    expect(traces(error, CANARIES)).toEqual([])
  })

  test('that has a config of something else keeps it', async () => {
    const config = { adapter: 'of another request' }
    const adapter: AxiosAdapter = () => Promise.reject(Object.assign(new Error('mine'), { config }))
    const api = axios.create({ baseURL: 'https://api.example', adapter })
    withEverything(api)
    const error = (await failureOf(api.get('/things'))) as { config?: unknown }
    expect(error.config).toBe(config)
  })
})

describe('errors of the token request', () => {
  async function failing(status: number, body: string) {
    const server = await startServer((_, response) =>
      response.writeHead(status, { 'content-type': 'application/json' }).end(body),
    )
    const issuer = axios.create({ baseURL: server.url })
    issuer.interceptors.request.use(basicAuth({ username: 'fake-user', password: PASSWORD }))
    return issuer
  }

  test.each([
    [401, '{"error":"invalid_client"}'],
    [200, `{"access_token":["${TOKEN}"]}`],
    [200, `{"access_token":"${TOKEN} with a blank","token_type":"bearer"}`],
    [200, `{"access_token":"${TOKEN}" malformed`],
    [200, `{"access_token":"${TOKEN}","token_type":"mac"}`],
    [500, `an internal page about ${TOKEN}`],
  ])('status %d with %s shows no credentials', async (status, body) => {
    const issuer = await failing(status, body)
    issuer.defaults.auth = { username: 'fake-user', password: PASSWORD }
    const api = axios.create({ baseURL: 'http://127.0.0.1:9' })
    api.interceptors.request.use(bearerAuth(clientCredentials(issuer, { url: '/token' })))
    const error = await failureOf(api.get('/things'))
    expect(error).toBeInstanceOf(AuthError)
    expect(traces(error, CANARIES)).toEqual([])
    expect(traces(error.cause, CANARIES)).toEqual([])
  })

  test('client secret and refresh token in the body show nowhere', async () => {
    const issuer = await failing(400, '{"error":"invalid_grant"}')
    const source = tokenSource(
      refreshToken(issuer, {
        url: '/token',
        refreshToken: TOKEN,
        clientId: 'fake-id',
        clientSecret: PASSWORD,
        clientAuthentication: 'body',
      }),
    )
    const error = await failureOf(source.get())
    expect(error).toMatchObject({ code: 'ERR_AUTH_TOKEN_REQUEST', status: 400, error: 'invalid_grant' })
    expect(traces(error, CANARIES)).toEqual([])
  })

  test('what JSON.parse quotes of a token response shows nowhere', async () => {
    const issuer = await failing(200, `${TOKEN} is no JSON`)
    issuer.defaults.transitional = { silentJSONParsing: false }
    issuer.defaults.responseType = 'json'
    const error = await failureOf(tokenSource(clientCredentials(issuer, { url: '/token' })).get())
    expect(error.cause).toMatchObject({ message: 'malformed JSON' })
    expect(traces(error, CANARIES)).toEqual([])
  })
})

test('our own objects show no credentials: interceptors, sources, tokens, events, the instance', async () => {
  const server = await startServer((_, response) => response.writeHead(401).end())
  const events: (AuthEvent | TokenEvent)[] = []
  const onEvent = (event: AuthEvent | TokenEvent): void => void events.push(event)
  const source = tokenSource(() => ({ access_token: TOKEN, refresh_token: KEY, expires_in: 60 }), { onEvent })
  const interceptor = bearerAuth(source, { onEvent })
  const api = axios.create({ baseURL: server.url })
  api.interceptors.request.use(interceptor)
  api.interceptors.request.use(basicAuth({ username: 'fake-user', password: PASSWORD }))
  await failureOf(api.get('/things'))
  const token = await source.get()
  expect([token.value, token.extra.refresh_token]).toEqual([TOKEN, KEY])
  expect(events.map(({ type }) => type)).toContain('fetched')
  for (const thing of [interceptor, source, token, events, source.inspect(), api, api.interceptors]) {
    expect(traces(thing, CANARIES)).toEqual([])
  }
})

test('axios-mock-adapter: what a test sees in its history is what was sent, what the program sees is not', async () => {
  const api = axios.create({ baseURL: 'https://api.example.com' })
  withEverything(api)
  const mock = new MockAdapter(api)
  mock.onGet('/things').reply(500)
  const error = await failureOf(api.get('/things'))
  expect(mock.history.get?.[0]?.headers?.Authorization).toBe(`Bearer ${TOKEN}`)
  expect(traces(error, CANARIES)).toEqual([])
})
