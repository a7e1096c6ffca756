import axios, { type AxiosError } from 'axios'
import { type AuthError, bearerAuth, tokenSource } from '#lib'
import { startProtectedApi, startServer } from './support/servers'
import { deferred, tokenSeries } from './support/token-series'

/** An API, its issuer, and an instance that uses the one for the other. */
async function setUp({
  adapter = 'http',
  ...options
}: {
  adapter?: string
  challenge?: string | string[] | null
} = {}) {
  const issuer = tokenSeries()
  const server = await startProtectedApi({ isValid: issuer.isValid, ...options })
  const api = axios.create({ baseURL: server.url, adapter })
  const use = (): number => api.interceptors.request.use(bearerAuth(issuer.fetch))
  return { issuer, server, api, use }
}

describe.each(['http', 'fetch'])('over the %s adapter', (adapter) => {
  test('no token is fetched before the first request, and the first request carries one', async () => {
    const { issuer, server, api, use } = await setUp({ adapter })
    use()
    expect(issuer.calls).toBe(0)
    await api.get('/things')
    expect(issuer.calls).toBe(1)
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer fake-token-1'])
  })

  test('1,000 concurrent first requests share one token call', async () => {
    const { issuer, server, api, use } = await setUp({ adapter })
    use()
    await Promise.all(Array.from({ length: 1000 }, () => api.get('/things')))
    expect(issuer.calls).toBe(1)
    expect(server.requests).toHaveLength(1000)
  })

  test('my token was revoked while 200 requests were in flight, and every one of them was served after one token call', async () => {
    const { issuer, server, api, use } = await setUp({ adapter })
    use()
    await api.get('/first')
    issuer.revoke()
    const answers = await Promise.all(Array.from({ length: 200 }, (_, n) => api.post('/things', { n })))
    expect(answers.map(({ data }) => data.body)).toEqual(
      Array.from({ length: 200 }, (_, n) => JSON.stringify({ n })),
    )
    expect(issuer.calls).toBe(2)
    expect(server.requests.length).toBeLessThanOrEqual(1 + 200 + 200)
  })

  test('a straggler, refused after a newer token came, is replayed with that token and no further token call', async () => {
    const { issuer, server, api, use } = await setUp({ adapter })
    use()
    await api.get('/first')
    issuer.revoke()
    const judged = deferred()
    const released = deferred()
    server.respond(async (request, response) => {
      if (request.url !== '/slow' || issuer.calls > 1) return false
      judged.resolve()
      await released.promise
      response.writeHead(401).end()
      return true
    })
    const straggler = api.get('/slow')
    await judged.promise
    await api.get('/quick')
    expect(issuer.calls).toBe(2)
    released.resolve()
    expect((await straggler).status).toBe(200)
    expect(issuer.calls).toBe(2)
    expect(server.requests.at(-1)?.headers.authorization).toBe('Bearer fake-token-2')
  })

  test('a 401 that lasts is handed over after one replay, with its own headers', async () => {
    const { issuer, server, api, use } = await setUp({ adapter })
    use()
    let count = 0
    server.respond((_, response) => {
      count += 1
      response.writeHead(401, { 'x-attempt': String(count) }).end()
      return true
    })
    const error = (await api.get('/things').catch((error: unknown) => error)) as AxiosError
    expect(error.response?.status).toBe(401)
    expect(error.response?.headers['x-attempt']).toBe('2')
    expect(server.requests).toHaveLength(2)
    expect(issuer.calls).toBe(2)
  })

  test('with validateStatus accepting everything a resolved 401 is seen and replayed all the same', async () => {
    const { issuer, server, api, use } = await setUp({ adapter })
    use()
    const options = { validateStatus: () => true }
    await api.get('/first', options)
    issuer.revoke()
    const answer = await api.get('/things', options)
    expect(answer.status).toBe(200)
    expect(server.requests).toHaveLength(3)
  })

  test('a refusal that resolves is handed over as a response when the replay is refused as well', async () => {
    const { server, api, use } = await setUp({ adapter })
    use()
    server.respond((_, response) => Boolean(response.writeHead(401).end('no')))
    const answer = await api.get('/things', { validateStatus: () => true })
    expect([answer.status, answer.data]).toEqual([401, 'no'])
    expect(server.requests).toHaveLength(2)
  })

  test('when no new token can be had the caller gets the first 401, and its cause says why', async () => {
    const server = await startProtectedApi({ isValid: () => false })
    const api = axios.create({ baseURL: server.url, adapter })
    let calls = 0
    api.interceptors.request.use(
      bearerAuth(() => {
        calls += 1
        if (calls > 1) throw new Error('the vault is sealed')
        return 'fake-token'
      }),
    )
    const error = (await api.get('/things').catch((error: unknown) => error)) as AxiosError
    expect([error.response?.status, error.code, error.response?.data]).toEqual([
      401,
      'ERR_BAD_REQUEST',
      { ok: false },
    ])
    const cause = error.cause as unknown as AuthError
    expect([cause.code, cause.message]).toEqual([
      'ERR_AUTH_TOKEN_REQUEST',
      'The token could not be fetched: the vault is sealed',
    ])
    expect(server.requests).toHaveLength(1)
  })

  test('when the first token cannot be fetched every waiting request fails with that error and nothing is sent', async () => {
    const server = await startProtectedApi({ isValid: () => true })
    const api = axios.create({ baseURL: server.url, adapter })
    api.interceptors.request.use(bearerAuth(() => Promise.reject(new Error('issuer down'))))
    const failures = await Promise.all(
      [1, 2, 3].map((n) => api.get(`/${n}`).catch((error: unknown) => error as AuthError)),
    )
    for (const [at, failure] of failures.entries()) {
      expect((failure as AuthError).code).toBe('ERR_AUTH_TOKEN_REQUEST')
      expect((failure as AuthError).isAxiosError).toBe(true)
      expect((failure as AuthError).config?.url).toBe(`/${at + 1}`)
    }
    expect(server.requests).toHaveLength(0)
  })

  test('a token that is about to expire is renewed before it is refused', async () => {
    const issuer = tokenSeries()
    const server = await startProtectedApi({ isValid: issuer.isValid })
    const api = axios.create({ baseURL: server.url, adapter })
    let now = 0
    const source = tokenSource(async () => ({ value: await issuer.fetch(), expiresIn: 600 }), {
      now: () => now,
      random: () => 0.5,
    })
    api.interceptors.request.use(bearerAuth(source))
    await api.get('/first')
    now += 600_000 - 30_000 - 1
    await api.get('/in-time')
    now += 1
    await api.get('/after-renewal')
    expect(server.requests.map(({ headers }) => headers.authorization).at(-1)).toBe('Bearer fake-token-2')
  })
})

describe('what a refusal says', () => {
  const LACKING = 'Bearer error="insufficient_scope"'

  test.each([
    ['no challenge at all', null, 2],
    ['a Bearer challenge without error', 'Bearer realm="api"', 2],
    ['a Bearer challenge with invalid_token', 'Bearer error="invalid_token"', 2],
    ['two challenges, one of them Bearer', ['Basic realm="x"', 'bearer realm="api"'], 2],
    ['a Bearer challenge with insufficient_scope', LACKING, 1],
    ['a Bearer challenge with invalid_request', 'Bearer error="invalid_request"', 1],
    ['two Bearer challenges, one of them with invalid_token', [LACKING, 'Bearer error="invalid_token"'], 2],
    ['a Basic challenge, and one of an unknown scheme', ['Basic realm="x"', 'Fake realm="x"'], 2],
    ['a Basic challenge only', 'Basic realm="Bearer error=\\"x\\""', 1],
    ['a DPoP challenge only', 'DPoP error="invalid_token"', 1],
  ])('%s is answered with as many sends as can help', async (_, challenge, sends) => {
    const { server, api, use } = await setUp({ challenge })
    use()
    server.respond((_, response) => {
      if (challenge !== null) response.setHeader('www-authenticate', challenge)
      response.writeHead(401).end()
      return true
    })
    await expect(api.get('/things')).rejects.toMatchObject({ response: { status: 401 } })
    expect(server.requests).toHaveLength(sends)
  })

  test.each([
    ['its own word in the challenge', { scheme: 'ApiToken' }, 'ApiToken realm="x"'],
    ['a Basic challenge, which this API sends to everybody', { scheme: 'Splunk' }, 'Basic realm="/splunk"'],
    ['a Basic challenge, and the token in another header', { name: 'X-Auth-Token' }, 'Basic realm="x"'],
    ['a word that is no scheme', {}, 'Unauthorized'],
  ])('a token is replaced after a 401 with %s', async (_, options, challenge) => {
    const server = await startServer((_, response) =>
      response.writeHead(server.requests.length > 1 ? 200 : 401, { 'www-authenticate': challenge }).end(),
    )
    const api = axios.create({ baseURL: server.url })
    api.interceptors.request.use(bearerAuth(tokenSeries().fetch, options))
    expect((await api.get('/things')).status).toBe(200)
  })

  test('a Bearer challenge says what is wrong with a token under another word, too', async () => {
    const server = await startServer((_, response) =>
      response.writeHead(401, { 'www-authenticate': LACKING }).end(),
    )
    const api = axios.create({ baseURL: server.url })
    api.interceptors.request.use(bearerAuth(tokenSeries().fetch, { scheme: 'ApiToken' }))
    await expect(api.get('/things')).rejects.toMatchObject({ response: { status: 401 } })
    expect(server.requests).toHaveLength(1)
  })

  test.each([400, 403, 500])('status %d is handed over as it is, without a token call', async (status) => {
    const { issuer, server, api, use } = await setUp()
    use()
    server.respond((_, response) => Boolean(response.writeHead(status).end()))
    await expect(api.get('/things')).rejects.toMatchObject({ response: { status } })
    expect([server.requests.length, issuer.calls]).toEqual([1, 1])
  })

  test('isRejected decides where an API says "expired" in another way', async () => {
    const issuer = tokenSeries()
    const server = await startServer((request, response) =>
      response.end(issuer.isValid(request.headers.authorization?.slice(7)) ? 'fine' : '{"code":"EXPIRED"}'),
    )
    const api = axios.create({ baseURL: server.url })
    api.interceptors.request.use(
      bearerAuth(issuer.fetch, { isRejected: ({ data }) => Object(data).code === 'EXPIRED' }),
    )
    await api.get('/first')
    issuer.revoke()
    expect((await api.get('/again')).data).toBe('fine')
    expect(issuer.calls).toBe(2)
  })

  test('an isRejected that answers with a promise is an error, not a yes', async () => {
    const server = await startServer((_, response) => response.end('fine'))
    const api = axios.create({ baseURL: server.url })
    api.interceptors.request.use(
      bearerAuth(() => 'fake-token', { isRejected: (() => Promise.resolve(false)) as never }),
    )
    await expect(api.get('/things')).rejects.toMatchObject({ code: 'ERR_AUTH_CREDENTIALS' })
    expect(server.requests).toHaveLength(1)
  })

  test('a fixed token cannot be renewed: its 401 comes through at once', async () => {
    const server = await startProtectedApi({ isValid: () => false })
    const api = axios.create({ baseURL: server.url })
    api.interceptors.request.use(bearerAuth('fake-fixed-token'))
    await expect(api.get('/things')).rejects.toMatchObject({ response: { status: 401 } })
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual(['Bearer fake-fixed-token'])
  })

  test("a network error is the caller's own: no token call, no replay, the same error object", async () => {
    const { issuer, server, api, use } = await setUp()
    use()
    await api.get('/first')
    server.respond((request) => Boolean(request.socket.destroy()))
    const seen: unknown[] = []
    api.interceptors.response.use(undefined, (error: unknown) => {
      seen.push(error)
      throw error
    })
    const error: unknown = await api.get('/broken').catch((error: unknown) => error)
    expect(error).toMatchObject({ code: 'ECONNRESET' })
    expect(seen).toEqual([error])
    expect(issuer.calls).toBe(1)
  })
})

describe('the token request', () => {
  test('my token call goes through the very instance that waits for the token, and nothing loops or hangs', async () => {
    const issuer = tokenSeries()
    const server = await startServer(async (request, response) => {
      if (request.url === '/token') response.end(JSON.stringify({ access_token: await issuer.fetch() }))
      else response.end(String(request.headers.authorization))
    })
    const api = axios.create({ baseURL: server.url })
    const { clientCredentials } = await import('#lib')
    api.interceptors.request.use(
      bearerAuth(clientCredentials(api, { url: '/token', clientId: 'fake-id', clientSecret: 'fake-secret' })),
    )
    expect((await api.get('/things')).data).toBe('Bearer fake-token-1')
    expect(server.requests.map(({ url, headers }) => [url, headers.authorization?.split(' ')[0]])).toEqual([
      ['/token', 'Basic'],
      ['/things', 'Bearer'],
    ])
  })

  test('one source may be authenticated with the token of another', async () => {
    const server = await startServer((request, response) =>
      response.end(
        JSON.stringify({
          access_token: `fake-${request.url?.slice(1)}`,
          seen: request.headers.authorization,
        }),
      ),
    )
    const { tokenRequest } = await import('#lib')
    const issuer = axios.create({ baseURL: server.url })
    issuer.interceptors.request.use(bearerAuth(() => 'fake-outer'))
    const api = axios.create({ baseURL: server.url })
    api.interceptors.request.use(bearerAuth(tokenRequest(issuer, { method: 'post', url: '/inner' })))
    await api.get('/things')
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer fake-outer',
      'Bearer fake-inner',
    ])
  })

  test('a 401 while a newer fetch is under way joins it', async () => {
    const answer = deferred<string>()
    const answers: (string | Promise<string>)[] = ['fake-old', answer.promise]
    let calls = 0
    const server = await startProtectedApi({ isValid: (token) => token === 'fake-new' })
    const api = axios.create({ baseURL: server.url })
    api.interceptors.request.use(bearerAuth(() => answers[calls++] ?? 'too many calls'))
    const all = Promise.all([api.get('/a'), api.get('/b'), api.get('/c')])
    await server.held(0)
    answer.resolve('fake-new')
    expect((await all).map(({ status }) => status)).toEqual([200, 200, 200])
    expect(calls).toBe(2)
  })
})
