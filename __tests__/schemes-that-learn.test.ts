import { Readable } from 'node:stream'
import axios, { type AxiosError } from 'axios'
import { type AuthEvent, type AuthScheme, authInterceptor, type TravelOptions } from '#lib'
import { startServer } from './support/servers'

type Handler = Parameters<typeof startServer>[0]

const failureOf = (request: Promise<unknown>): Promise<AxiosError> =>
  request.then(
    () => Promise.reject(new Error('it was served')),
    (error: unknown) => error as AxiosError,
  )

/**
 * A scheme that sends a token and a nonce, as DPoP does: the first is replaced when it is refused, the second when a
 * response brings another. It notes what it learned from.
 */
function nonceScheme(changes: Partial<AuthScheme> = {}) {
  let token = 1
  let nonce = 'none'
  const learned: string[] = []
  const scheme: AuthScheme = {
    authenticate(request) {
      request.carries = token
      request.attach({ in: 'header', name: 'X-Token' }, `fake-${token}`)
      request.attach({ in: 'header', name: 'X-Nonce' }, nonce)
    },
    learn(response, request) {
      learned.push(`${response.status} ${request.method} ${new URL(request.url).pathname}`)
      const next = response.header('X-Next-Nonce')
      if (next === undefined || next === nonce) return false
      nonce = next
      return response.status === 401
    },
    answer(response, request) {
      if (response.status !== 401) return false
      if (request.carries === token) token += 1
      return true
    },
    ...changes,
  }
  return { scheme, learned }
}

/** The answers of a server that wants the nonce `n1` and the token `fake-<token>`, and looks at the nonce first. */
const wanting =
  (token: number): Handler =>
  ({ headers }, response) => {
    if (headers['x-nonce'] !== 'n1') response.writeHead(401, { 'x-next-nonce': 'n1' }).end('nonce')
    else response.writeHead(headers['x-token'] === `fake-${token}` ? 200 : 401).end('token')
  }

async function setUp(
  handler: Handler,
  {
    adapter = 'http',
    origins,
    ...changes
  }: Partial<AuthScheme> & Pick<TravelOptions, 'origins'> & { adapter?: string } = {},
) {
  const server = await startServer(handler)
  const { scheme, learned } = nonceScheme(changes)
  const events: AuthEvent[] = []
  const api = axios.create({ baseURL: server.url, adapter })
  api.interceptors.request.use(authInterceptor(scheme, { origins, onEvent: (event) => events.push(event) }))
  const sent = () => server.requests.map(({ headers }) => `${headers['x-token']} ${headers['x-nonce']}`)
  return { server, api, learned, events, sent }
}

describe.each(['http', 'fetch'])('over the %s adapter', (adapter) => {
  test('a nonce from one response is sent with the next request', async () => {
    const { api, learned, sent } = await setUp(
      (_, response) => response.writeHead(200, { 'x-next-nonce': 'n1' }).end(),
      { adapter },
    )
    await api.get('/one')
    await api.post('/two', {})
    expect(sent()).toEqual(['fake-1 none', 'fake-1 n1'])
    expect(learned).toEqual(['200 GET /one', '200 POST /two'])
  })

  test('what was missing is learned from a refusal, and the same bytes are sent again', async () => {
    const { server, api, learned, events, sent } = await setUp(wanting(1), { adapter })
    expect((await api.post('/things?a=1', { name: 'ü' })).status).toBe(200)
    expect(sent()).toEqual(['fake-1 none', 'fake-1 n1'])
    expect(server.requests.map(({ url, body }) => `${url} ${body}`)).toEqual([
      '/things?a=1 {"name":"ü"}',
      '/things?a=1 {"name":"ü"}',
    ])
    expect(learned).toEqual(['401 POST /things', '200 POST /things'])
    expect(events.map(({ type }) => type)).toEqual(['refused'])
  })

  test('a 401 for the nonce and then one for the token are both overcome in one request', async () => {
    const { api, learned, sent, events } = await setUp(wanting(2), { adapter })
    expect((await api.get('/things')).status).toBe(200)
    expect(sent()).toEqual(['fake-1 none', 'fake-1 n1', 'fake-2 n1'])
    expect(learned).toEqual(['401 GET /things', '401 GET /things', '200 GET /things'])
    expect(events.map(({ type }) => type)).toEqual(['refused', 'refused', 'replayed'])
  })

  test('a 401 for the token and then one for the nonce are both overcome in one request', async () => {
    const { api, sent } = await setUp(
      ({ headers }, response) => {
        if (headers['x-token'] !== 'fake-2') response.writeHead(401).end()
        else wanting(2)({ headers } as Parameters<Handler>[0], response, Buffer.of())
      },
      { adapter },
    )
    expect((await api.get('/things')).status).toBe(200)
    expect(sent()).toEqual(['fake-1 none', 'fake-2 none', 'fake-2 n1'])
  })

  test('a request is never sent again twice for what was learned, whatever the scheme says', async () => {
    const { server, api } = await setUp((_, response) => response.writeHead(401).end(), {
      adapter,
      learn: () => true,
      answer: () => false,
    })
    expect(await failureOf(api.get('/things'))).toMatchObject({ response: { status: 401 } })
    expect(server.requests).toHaveLength(2)
  })

  test('with the replay that is three sends at most', async () => {
    const { server, api } = await setUp((_, response) => response.writeHead(401).end(), {
      adapter,
      learn: () => true,
      answer: () => true,
    })
    expect(await failureOf(api.get('/things'))).toMatchObject({ response: { status: 401 } })
    expect(server.requests).toHaveLength(3)
  })

  test('a stream is learned from, but not sent again', async () => {
    const { server, api, learned } = await setUp(wanting(1), { adapter })
    const body = Readable.from(['once'])
    expect(await failureOf(api.post('/things', body, { maxRedirects: 0 }))).toMatchObject({
      response: { status: 401, data: 'nonce' },
    })
    expect(server.requests).toHaveLength(1)
    expect(learned).toEqual(['401 POST /things'])
  })

  test('an abort before the second send: nothing is sent', async () => {
    const controller = new AbortController()
    const { server, api } = await setUp((_, response) => response.writeHead(401).end(), {
      adapter,
      learn() {
        controller.abort()
        return true
      },
    })
    expect(await failureOf(api.get('/things', { signal: controller.signal }))).toMatchObject({
      code: 'ERR_CANCELED',
    })
    expect(server.requests).toHaveLength(1)
  })

  test('a refusal that validateStatus lets resolve is learned from', async () => {
    const { api } = await setUp(wanting(1), { adapter })
    expect((await api.get('/things', { validateStatus: () => true })).status).toBe(200)
  })
})

test('an abort before the second send: nothing is sent, also where the adapter would not look', async () => {
  const controller = new AbortController()
  let sends = 0
  const api = axios.create({
    baseURL: 'https://api.example',
    adapter: async (config) => {
      sends += 1
      return { config, status: 200, statusText: '', headers: {}, data: '' }
    },
  })
  const { scheme } = nonceScheme({
    learn() {
      controller.abort()
      return true
    },
  })
  api.interceptors.request.use(authInterceptor(scheme))
  expect(await failureOf(api.get('/things', { signal: controller.signal }))).toMatchObject({
    code: 'ERR_CANCELED',
  })
  expect(sends).toBe(1)
})

test('it is learned from each redirect that is followed by hand', async () => {
  const { api, learned, sent } = await setUp(
    ({ url }, response) => {
      if (url === '/old') response.writeHead(302, { location: '/new', 'x-next-nonce': 'n1' }).end()
      else response.writeHead(200, { 'x-next-nonce': 'n2' }).end()
    },
    { signsUrl: true },
  )
  await api.get('/old')
  await api.get('/new')
  expect(learned).toEqual(['302 GET /old', '200 GET /new', '200 GET /new'])
  expect(sent()).toEqual(['fake-1 none', 'fake-1 n1', 'fake-1 n2'])
})

test('what is missing behind a redirect is sent again from there; the replay takes the whole way', async () => {
  const { server, api, learned } = await setUp(
    (request, response) => {
      if (request.url === '/old') response.writeHead(307, { location: '/new' }).end()
      else return wanting(2)(request, response, Buffer.of())
    },
    { signsUrl: true },
  )
  await api.post('/old', 'text')
  expect(server.requests.map(({ url, body }) => `${url} ${body}`)).toEqual([
    '/old text',
    '/new text',
    '/new text',
    '/old text',
    '/new text',
  ])
  expect(learned).toEqual([
    '307 POST /old',
    '401 POST /new',
    '401 POST /new',
    '307 POST /old',
    '200 POST /new',
  ])
})

test('nothing is learned from a place that got no credentials, nor by a request that went without', async () => {
  const foreign = await startServer((_, response) => response.writeHead(200, { 'x-next-nonce': 'bad' }).end())
  const { api, learned, sent } = await setUp(
    ({ url }, response) => response.writeHead(url === '/out' ? 302 : 200, { location: foreign.url }).end(),
    { signsUrl: true },
  )
  await api.get('/out')
  await api.get(foreign.url)
  await api.get('/in', { authenticate: false })
  await api.get('/in', { headers: { 'X-Token': 'mine', 'X-Nonce': 'mine' } })
  await api.get('/in')
  expect(learned).toEqual(['302 GET /out', '200 GET /in'])
  expect(sent().at(-1)).toBe('fake-1 none')
  expect(foreign.requests.map(({ headers }) => headers['x-token'])).toEqual([undefined, undefined])
})

test('nothing is learned where there is no response', async () => {
  const { api, learned } = await setUp(({ socket }) => socket.destroy())
  expect(await failureOf(api.get('/things'))).toMatchObject({ code: 'ECONNRESET' })
  expect(learned).toEqual([])
})

test('when the scheme cannot authenticate the second send I get the response, and its cause says why', async () => {
  let isBroken = false
  const { server, api } = await setUp((_, response) => response.writeHead(401).end('first'), {
    authenticate(request) {
      if (isBroken) throw new Error('the key is gone')
      request.attach({ in: 'header', name: 'X-Token' }, 'fake')
    },
    learn: () => (isBroken = true),
  })
  const error = await failureOf(api.get('/things'))
  expect(error).toMatchObject({ response: { status: 401, data: 'first' } })
  expect(error.cause?.message).toBe('the key is gone')
  expect(server.requests).toHaveLength(1)
})

test('a body that nobody needs is stopped before the second send, and that of the last arrives whole', async () => {
  const { server, api } = await setUp(({ headers }, response) => {
    if (headers['x-nonce'] === 'n1') response.end('the whole body')
    // It never ends by itself.
    else response.writeHead(401, { 'x-next-nonce': 'n1' }).write('begins')
  }, {})
  const { data } = await api.get<AsyncIterable<Buffer>>('/things', { responseType: 'stream' })
  const chunks: Buffer[] = []
  for await (const chunk of data) chunks.push(chunk)
  expect(Buffer.concat(chunks).toString()).toBe('the whole body')
  expect(server.requests).toHaveLength(2)
})
