import axios from 'axios'
import {
  type AxiosCacheInstance,
  buildKeyGenerator,
  buildMemoryStorage,
  type CacheOptions,
  setupCache,
} from 'axios-cache-interceptor'
import axiosRetry from 'axios-retry'
import { AuthError, apiKeyAuth, bearerAuth, tokenSource } from '#lib'
import { startServer } from '../support/servers'
import { deferred, tokenSeries } from '../support/token-series'
import { traces } from '../support/traces'
import { orders } from './orders'

type Headers = Record<string, string>

/** Takes only the newest token, may be cached unless it says otherwise, and knows an ETag. */
async function cacheableApi(isValid: (token: string | undefined) => boolean, headers: Headers = {}) {
  const server = await startServer((request, response) => {
    if (!isValid(request.headers.authorization?.slice('Bearer '.length)))
      return response.writeHead(401, { 'www-authenticate': 'Bearer error="invalid_token"' }).end('refused')
    if (request.headers['if-none-match'] === '"v1"') return response.writeHead(304, headers).end()
    return response
      .writeHead(200, { 'content-type': 'application/json', etag: '"v1"', ...headers })
      .end(JSON.stringify({ served: server.requests.length }))
  })
  const sent = () => server.requests.map(({ headers }) => headers.authorization)
  return { server, sent }
}

// What it stores must be looked at again before it is used.
const STALE = { 'cache-control': 'max-age=0' }

describe.each(orders)('axios-cache-interceptor, set up %s our interceptors', (order, install) => {
  type Fetch = () => Promise<string>
  interface Faults {
    /** In place of the first fetch. */
    first?: (fetch: Fetch) => Promise<string>
    /** In place of all others. */
    later?: (fetch: Fetch) => Promise<string>
  }

  async function setUp(headers: Headers = {}, { first, later }: Faults = {}) {
    const issuer = tokenSeries()
    const { server, sent } = await cacheableApi(issuer.isValid, headers)
    let fetches = 0
    const source = tokenSource(() => {
      const faulty = fetches++ === 0 ? first : later
      return faulty ? faulty(issuer.fetch) : issuer.fetch()
    })
    const storage = buildMemoryStorage()
    const instance = axios.create({ baseURL: server.url })
    install(
      () => setupCache(instance, { storage }),
      () => instance.interceptors.request.use(bearerAuth(source)),
    )
    return { api: instance as AxiosCacheInstance, storage, issuer, source, server, sent }
  }

  test('a second request is served from the cache', async () => {
    const { api, sent } = await setUp()
    const [first, second] = [await api.get('/things'), await api.get('/things')]
    expect([first.cached, second.cached, second.data]).toEqual([false, true, { served: 1 }])
    expect(sent()).toEqual(['Bearer fake-token-1'])
  })

  test('neither what is stored nor the cached response shows the token', async () => {
    const { api, storage } = await setUp({ vary: 'Authorization' })
    await api.get('/things')
    const cached = await api.get('/things')
    expect(cached.cached).toBe(true)
    expect(traces([cached, storage.data], ['fake-token'])).toEqual([])
    expect(JSON.stringify([...storage.data])).toContain('served')
  })

  const price = order === 'before' ? 'needs no token' : 'waits for a token all the same'
  test(`a cached answer ${price}`, async () => {
    const { api, issuer, source } = await setUp()
    await api.get('/things')
    source.clear()
    expect((await api.get('/things')).cached).toBe(true)
    expect(issuer.calls).toBe(order === 'before' ? 1 : 2)
  })

  test('a refusal is replayed, and what the replay brought is cached', async () => {
    const { api, issuer, server, sent } = await setUp()
    await api.get('/first')
    issuer.revoke()
    const [fresh, cached] = [await api.get('/things'), await api.get('/things')]
    expect([fresh.status, fresh.cached, cached.cached]).toEqual([200, false, true])
    expect(cached.data).toEqual(fresh.data)
    expect(server.requests).toHaveLength(3)
    expect(sent()).toEqual(['Bearer fake-token-1', 'Bearer fake-token-1', 'Bearer fake-token-2'])
  })

  const fakeWrong = (): Promise<string> => Promise.resolve('fake-wrong')
  test('a refusal that lasts is not cached', async () => {
    const { api, storage, server } = await setUp({}, { first: fakeWrong, later: fakeWrong })
    await expect(api.get('/things')).rejects.toMatchObject({ response: { status: 401 } })
    expect([...storage.data]).toEqual([])
    await expect(api.get('/things')).rejects.toMatchObject({ response: { status: 401 } })
    expect(server.requests).toHaveLength(4)
  })

  test('50 requests for the same share one send, one refusal and its replay', async () => {
    const { api, issuer, server } = await setUp()
    await api.get('/first')
    issuer.revoke()
    const answers = await Promise.all(Array.from({ length: 50 }, () => api.get('/things')))
    expect(new Set(answers.map(({ data }) => data.served))).toEqual(new Set([3]))
    expect([server.requests.length, issuer.calls]).toEqual([3, 2])
  })

  test('when no token can be had all that wait for the same are told, and the next request is served', async () => {
    const { api } = await setUp({}, { first: () => Promise.reject(new Error('issuer down')) })
    const failures = await Promise.all(
      Array.from({ length: 5 }, () => api.get('/things').catch((error: unknown) => error)),
    )
    for (const failure of failures) expect(failure).toBeInstanceOf(AuthError)
    expect((await api.get('/things')).data).toEqual({ served: 1 })
  })

  test('a stale answer is asked for anew with its ETag and a token, also in the replay', async () => {
    const { api, issuer, server } = await setUp(STALE)
    await api.get('/things')
    issuer.revoke()
    const again = await api.get('/things')
    expect([again.status, again.cached, again.data]).toEqual([200, true, { served: 1 }])
    expect(server.requests.map(({ headers }) => [headers.authorization, headers['if-none-match']])).toEqual([
      ['Bearer fake-token-1', undefined],
      ['Bearer fake-token-1', '"v1"'],
      ['Bearer fake-token-2', '"v1"'],
    ])
  })

  test('with staleIfError a stale answer is served while no token can be had', async () => {
    const { api, source, server } = await setUp(STALE, {
      later: () => Promise.reject(new Error('issuer down')),
    })
    await api.get('/things')
    source.clear()
    const stale = await api.get('/things', { cache: { staleIfError: true } })
    expect([stale.cached, stale.stale, stale.data]).toEqual([true, true, { served: 1 }])
    expect(server.requests).toHaveLength(1)
  })

  test('a request that was aborted while it waited for its token leaves nothing behind: the next is sent', async () => {
    const asked = deferred()
    const answer = deferred()
    const { api, sent } = await setUp(
      {},
      {
        first: async (fetch) => {
          asked.resolve()
          await answer.promise
          return fetch()
        },
      },
    )
    const leaving = new AbortController()
    const left = api.get('/things', { signal: leaving.signal })
    await asked.promise
    leaving.abort()
    await expect(left).rejects.toMatchObject({ code: 'ERR_CANCELED' })
    const next = api.get('/things')
    answer.resolve()
    expect((await next).data).toEqual({ served: 1 })
    expect(sent()).toEqual(['Bearer fake-token-1'])
  })

  test('with axios-retry between them: a 503 and a 401 later the answer is cached', async () => {
    const statuses = [503, 401, 200]
    const server = await startServer((_, response) => response.writeHead(statuses.shift() ?? 500).end('{}'))
    const instance = axios.create({ baseURL: server.url })
    const issuer = tokenSeries()
    install(
      () => setupCache(instance),
      () => instance.interceptors.request.use(bearerAuth(issuer.fetch)),
    )
    axiosRetry(instance, { retries: 3, retryDelay: () => 0 })
    await instance.get('/things')
    await instance.get('/things')
    expect([server.requests.length, issuer.calls]).toEqual([3, 2])
  })
})

describe('what the key of a cached answer is made of', () => {
  /** An API that tells each tenant its own name, and one instance that serves them all, each with its own token. */
  async function tenants(options: CacheOptions = {}) {
    const server = await startServer((request, response) =>
      response
        .writeHead(200, { 'content-type': 'application/json', vary: 'Authorization' })
        .end(JSON.stringify({ of: request.headers.authorization })),
    )
    const api = setupCache(axios.create({ baseURL: server.url }), options)
    const source = tokenSource(({ key }) => `fake-token-of-${key}`, {
      key: ({ headers }) => String(headers?.['X-Tenant']),
    })
    api.interceptors.request.use(bearerAuth(source))
    const ask = async (tenant: string) =>
      (await api.get('/mine', { headers: { 'X-Tenant': tenant } })).data as { of: string }
    return { ask }
  }

  test('not of the credentials, even where the API says Vary: Authorization: users of one instance share answers', async () => {
    const { ask } = await tenants()
    expect(await ask('acme')).toEqual({ of: 'Bearer fake-token-of-acme' })
    expect(await ask('other')).toEqual({ of: 'Bearer fake-token-of-acme' })
  })

  test('of what generateKey says: with the tenant in it each gets its own', async () => {
    const generateKey = buildKeyGenerator(({ baseURL, url, method, params, data, headers }) => ({
      ...{ baseURL, url, method, params, data },
      tenant: headers?.['X-Tenant'],
    }))
    const { ask } = await tenants({ generateKey })
    for (const tenant of ['acme', 'other', 'acme'])
      expect(await ask(tenant)).toEqual({ of: `Bearer fake-token-of-${tenant}` })
  })

  test('not of an API key in the query, and neither does a stored answer show it', async () => {
    const server = await startServer((_, response) => response.end('{}'))
    const storage = buildMemoryStorage()
    const keys: unknown[] = []
    const generateKey = buildKeyGenerator((request) => {
      keys.push({ url: request.url, params: request.params })
      return `${request.url}`
    })
    const api = setupCache(axios.create({ baseURL: server.url }), { storage, generateKey })
    api.interceptors.request.use(apiKeyAuth({ in: 'query', name: 'api_key', value: 'fake-key' }))
    await api.get('/things', { params: { a: 1 } })
    const cached = await api.get('/things', { params: { a: 1 } })
    expect(server.requests.map(({ url }) => url)).toEqual(['/things?a=1&api_key=fake-key'])
    expect(keys).toEqual(Array.from({ length: 2 }, () => ({ url: '/things', params: { a: 1 } })))
    expect(traces([cached, storage.data], ['fake-key'])).toEqual([])
  })
})
