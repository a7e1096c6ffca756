import { Agent, type ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import axios, { type AxiosInstance, type AxiosRequestConfig } from 'axios'
import axiosRetry from 'axios-retry'
import FormDataPackage from 'form-data'
import { type BearerOptions, bearerAuth } from '#lib'
import { withoutBoundary } from './support/multipart'
import { startServer } from './support/servers'
import { sinceAxios } from './support/since-axios'
import { deferred, tokenSeries } from './support/token-series'

/** An API that refuses the first send of each test and echoes the second. */
async function refusingOnce(adapter: string, config: AxiosRequestConfig = {}) {
  const issuer = tokenSeries()
  let refusals = 1
  const server = await startServer((_, response) => {
    if (refusals-- > 0) response.writeHead(401).end('refused')
    else response.end('served')
  })
  const api = axios.create({ baseURL: `${server.url}/base/`, adapter, ...config })
  api.interceptors.request.use(bearerAuth(issuer.fetch))
  return { issuer, server, api }
}

function fieldAndFile(): FormData {
  const form = new FormData()
  form.append('name', 'value')
  form.append('file', new Blob(['content of the file']), 'file.txt')
  return form
}

describe.each(['http', 'fetch'])('over the %s adapter', (adapter) => {
  test.each<[string, (api: AxiosInstance) => Promise<unknown>]>([
    ['JSON', (api) => api.post('/things', { name: 'ü', list: [1, 2] })],
    ['URLSearchParams', (api) => api.post('/things', new URLSearchParams({ a: '1 2', b: 'ü' }))],
    ['a string', (api) => api.put('/things', 'plain text', { headers: { 'Content-Type': 'text/plain' } })],
    ['a Buffer', (api) => api.post('/things', Buffer.from([0, 1, 254, 255]))],
    ['an ArrayBuffer', (api) => api.post('/things', new Uint8Array([0, 1, 254, 255]).buffer)],
    ['a Blob', (api) => api.post('/things', new Blob(['some bytes'], { type: 'application/x-fake' }))],
    ['no body', (api) => api.delete('/things')],
  ])('my replayed request is the one that was refused, byte for byte: %s', async (_, send) => {
    const { server, api } = await refusingOnce(adapter)
    await send(api)
    const [first, second] = server.requests
    expect(server.requests).toHaveLength(2)
    expect(second?.body.equals(first?.body as Buffer)).toBe(true)
    expect([
      second?.method,
      second?.url,
      second?.headers['content-type'],
      second?.headers['content-length'],
    ]).toEqual([first?.method, first?.url, first?.headers['content-type'], first?.headers['content-length']])
  })

  test('a replayed form keeps its fields and files', async () => {
    const { server, api } = await refusingOnce(adapter)
    await api.postForm('/things', fieldAndFile())
    const [first, second] = server.requests
    expect(withoutBoundary(second?.body as Buffer)).toBe(withoutBoundary(first?.body as Buffer))
    expect(second?.body.toString()).toContain('content of the file')
  })

  // Over fetch, axios before 1.15.1 sends `multipart/form-data` and does not say what the boundary is.
  sinceAxios(adapter === 'fetch' ? '1.15.1' : '1.7.0').test(
    'the boundary of a replayed form agrees with its header',
    async () => {
      const { server, api } = await refusingOnce(adapter)
      await api.postForm('/things', fieldAndFile())
      const second = server.requests[1]
      const boundary = /boundary=(.+)$/.exec(second?.headers['content-type'] ?? '')?.[1] ?? 'none'
      expect(second?.body.toString()).toContain(boundary)
    },
  )

  test('baseURL, params and headers are applied once, not twice', async () => {
    const { server, api } = await refusingOnce(adapter, {
      params: { all: 'yes' },
      headers: { 'X-Mine': 'kept' },
    })
    await api.get('/things?a=1', { params: { b: [2, 3] } })
    // Decoded, for axios before 1.12 leaves brackets as they are.
    expect(server.requests.map(({ url, headers }) => [decodeURIComponent(url), headers['x-mine']])).toEqual([
      ['/base/things?a=1&all=yes&b[]=2&b[]=3', 'kept'],
      ['/base/things?a=1&all=yes&b[]=2&b[]=3', 'kept'],
    ])
  })

  test('my own interceptors and transforms run once, though the request was sent twice', async () => {
    const runs: string[] = []
    const ran = (name: string): number => runs.push(name)
    const { server, api } = await refusingOnce(adapter, {
      transformRequest: [(data) => ran('transformRequest') && JSON.stringify(data)],
      transformResponse: [(data: string) => ran('transformResponse') && data.toUpperCase()],
    })
    api.interceptors.request.use((config) => {
      ran('request')
      return config
    })
    api.interceptors.response.use((response) => {
      ran('response')
      return response
    })
    const { data } = await api.post('/things', { a: 1 })
    expect(runs).toEqual(['request', 'transformRequest', 'transformResponse', 'response'])
    expect(data).toBe('SERVED')
    expect(server.requests.map(({ body }) => body.toString())).toEqual(['{"a":1}', '{"a":1}'])
  })

  test('a 401 whose body is a stream does not block a one-socket agent', async () => {
    const { api } = await refusingOnce(adapter, {
      httpAgent: new Agent({ maxSockets: 1, keepAlive: true }),
      responseType: 'stream',
    })
    const { data } = await api.get('/things')
    let text = ''
    for await (const chunk of data as AsyncIterable<Uint8Array>) text += Buffer.from(chunk).toString()
    expect(text).toBe('served')
  })

  test('a refused stream is handed over whole when no new token can be had', async () => {
    const server = await startServer((_, response) => response.writeHead(401).end('why it was refused'))
    const api = axios.create({
      baseURL: server.url,
      adapter,
      responseType: 'stream',
      validateStatus: () => true,
    })
    let calls = 0
    api.interceptors.request.use(
      bearerAuth(() => (calls++ ? Promise.reject(new Error('issuer down')) : 'fake-token')),
    )
    const { status, data } = await api.get('/things')
    let text = ''
    for await (const chunk of data as AsyncIterable<Uint8Array>) text += Buffer.from(chunk).toString()
    expect([status, text]).toEqual([401, 'why it was refused'])
  })
})

describe.each(['http', 'fetch'])('a refused stream over the %s adapter', (adapter) => {
  /** An API that refuses all, and an instance that gets no second token. */
  async function refused(answer: (response: ServerResponse) => void, options: BearerOptions = {}) {
    const server = await startServer((_, response) => answer(response.writeHead(401)))
    const config = {
      baseURL: server.url,
      adapter,
      responseType: 'stream',
      validateStatus: () => true,
    } as const
    const api = axios.create(config)
    let calls = 0
    const fetch = (): string | Promise<string> =>
      calls++ ? Promise.reject(new Error('issuer down')) : 'fake-token'
    api.interceptors.request.use(bearerAuth(fetch, options))
    return { server, api }
  }
  async function textOf(body: unknown): Promise<string> {
    let text = ''
    for await (const chunk of body as AsyncIterable<Uint8Array>) text += Buffer.from(chunk).toString()
    return text
  }

  test('is handed over whole, however long it is', async () => {
    const long = 'why it was refused '.repeat(100_000)
    const { api } = await refused((response) => response.end(long))
    expect((await textOf((await api.get('/things')).data)) === long).toBe(true)
  })

  test('leaves its socket to the token call', async () => {
    const httpAgent = new Agent({ maxSockets: 1, keepAlive: true })
    const server = await startServer(({ url, headers }, response) => {
      if (url === '/token') response.end('fake-new')
      else if (headers.authorization === 'Bearer fake-new') response.end('served')
      else response.writeHead(401).end('why it was refused '.repeat(3000))
    })
    const config = { baseURL: server.url, adapter, httpAgent }
    const issuer = axios.create(config)
    const api = axios.create({ ...config, responseType: 'stream' })
    let calls = 0
    const fetch = async (): Promise<string> => (calls++ ? (await issuer.get('/token')).data : 'fake-old')
    api.interceptors.request.use(bearerAuth(fetch))
    expect(await textOf((await api.get('/things')).data)).toBe('served')
  })

  test('is handed over before it has come to its end', async () => {
    const rest = deferred<void>()
    const { api } = await refused((response) => {
      response.write('why ')
      void rest.promise.then(() => response.end('it was refused'))
    })
    const { data } = await api.get('/things')
    rest.resolve()
    expect(await textOf(data)).toBe('why it was refused')
  })

  // Before, the fetch adapter goes on reading until the next chunk.
  sinceAxios('1.7.9').test('that nobody reads to its end is stopped', async () => {
    const closed = deferred<void>()
    const { api } = await refused((response) => {
      response.on('close', () => closed.resolve())
      response.write('x'.repeat(100_000))
    })
    const { data } = await api.get('/things')
    for await (const _ of data as AsyncIterable<Uint8Array>) break
    await closed.promise
  })

  test('keeps no socket when isRejected throws', async () => {
    const closed = deferred<void>()
    const isRejected = (): never => {
      throw new Error('mine')
    }
    const { api } = await refused(
      (response) => {
        response.on('close', () => closed.resolve())
        response.write('why ')
      },
      { isRejected },
    )
    await expect(api.get('/things')).rejects.toThrow('mine')
    await closed.promise
  })
})

describe('a body that can be read only once', () => {
  test.each<[string, string, () => unknown]>([
    ['a Node stream', 'http', () => Readable.from([Buffer.from('some bytes')])],
    [
      'the form-data package',
      'http',
      () => Object.assign(new FormDataPackage(), {}).append('a', 'b') ?? withField(),
    ],
    ['a web stream', 'fetch', () => new Blob(['some bytes']).stream()],
  ])('is never sent again, half or empty: %s', async (_, adapter, body) => {
    const { issuer, server, api } = await refusingOnce(adapter)
    const sent = body()
    await expect(api.post('/things', sent)).rejects.toMatchObject({
      response: { status: 401, data: 'refused' },
    })
    expect(server.requests).toHaveLength(1)
    expect(server.requests[0]?.body.length).toBeGreaterThan(5)
    await api.get('/next')
    expect([server.requests[1]?.headers.authorization, issuer.calls]).toEqual(['Bearer fake-token-2', 2])
  })

  function withField(): FormDataPackage {
    const form = new FormDataPackage()
    form.append('name', 'value')
    return form
  }
})

describe('a request that is sent again by somebody else', () => {
  test('axios-retry re-sends after failures without multiplying the sends', async () => {
    const { api, server } = await refusingAlways(503)
    axiosRetry(api, { retries: 3, retryDelay: () => 0 })
    await expect(api.get('/things')).rejects.toMatchObject({ response: { status: 503 } })
    expect(server.requests).toHaveLength(4)
  })

  test('axios-retry that retries even a 401 brings one replay in all', async () => {
    const { api, server } = await refusingAlways(401)
    axiosRetry(api, { retries: 3, retryDelay: () => 0, retryCondition: () => true })
    await expect(api.get('/things')).rejects.toMatchObject({ response: { status: 401 } })
    expect(server.requests).toHaveLength(1 + 1 + 3)
  })

  test('axios-retry over a refusal and a failure: the body is whole each time', async () => {
    const { api, server } = await answering([401, 503, 503, 200])
    axiosRetry(api, { retries: 3, retryDelay: () => 0, retryCondition: () => true })
    await api.post('/things', { a: 1 })
    expect(server.requests.map(({ body }) => body.toString())).toEqual(
      Array.from({ length: 4 }, () => '{"a":1}'),
    )
  })

  test('the config of a served response is a new request: it may be replayed again', async () => {
    const { api, server } = await answering([401, 200, 401, 200])
    const first = await api.get('/things')
    const second = await api.request(first.config)
    expect([second.status, server.requests.length]).toEqual([200, 4])
  })

  test('an ejected interceptor adds nothing to a config that it has seen', async () => {
    const { api, server, id } = await answering([401, 401, 200])
    const error: { config?: AxiosRequestConfig } = await api
      .get('/things')
      .catch((error: unknown) => error as object)
    api.interceptors.request.eject(id)
    await api.request(error.config ?? {})
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer fake-token-1',
      'Bearer fake-token-2',
      undefined,
    ])
  })

  test('eject and use again leave one interceptor and one replay', async () => {
    const { api, server, id } = await answering([503, 401, 401, 200])
    const error: { config?: AxiosRequestConfig } = await api
      .get('/things')
      .catch((error: unknown) => error as object)
    api.interceptors.request.eject(id)
    const issuer = tokenSeries()
    api.interceptors.request.use(bearerAuth(async () => `new-${await issuer.fetch()}`))
    await expect(api.request(error.config ?? {})).rejects.toMatchObject({ response: { status: 401 } })
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer fake-token-1',
      'Bearer new-fake-token-1',
      'Bearer new-fake-token-2',
    ])
  })

  test('the same interceptor used twice by mistake still brings one replay', async () => {
    const { api, server } = await refusingAlways(401)
    const twice = bearerAuth(() => 'fake-twice')
    api.interceptors.request.use(twice)
    api.interceptors.request.use(twice)
    await expect(api.get('/things')).rejects.toMatchObject({ response: { status: 401 } })
    expect(server.requests).toHaveLength(2)
  })

  async function answering(statuses: number[]) {
    const left = [...statuses]
    const server = await startServer((_, response) => response.writeHead(left.shift() ?? 500).end())
    const api = axios.create({ baseURL: server.url })
    const id = api.interceptors.request.use(bearerAuth(tokenSeries().fetch))
    return { api, server, id }
  }

  async function refusingAlways(status: number) {
    return answering(Array.from({ length: 50 }, () => status))
  }
})
