import { inspect } from 'node:util'
import axios, { type AxiosInstance } from 'axios'
import {
  AuthError,
  basicAuth,
  bearerAuth,
  clientCredentials,
  type GrantOptions,
  refreshToken,
  type TokenEvent,
  tokenSource,
} from '#lib'

// Thousands of real requests take seconds where other work runs beside them.
jest.setTimeout(30_000)

// What these tests use of the servers, which Jest's module loader cannot see.
interface Server {
  readonly url: string
  close(): Promise<void>
}
interface Client {
  readonly clientId: string
  readonly clientSecret: string
}
type ClientName = 'basic' | 'post' | 'awkward' | 'public'
interface AuthorizationServer extends Server {
  readonly clients: Readonly<Record<ClientName, Client>>
  readonly tokenRequests: number
  readonly lastTokenRequest: {
    readonly grantType: string
    readonly clientAuthentication: string
    readonly parameters: Readonly<Record<string, unknown>>
  }
  issueRefreshToken(options?: { client?: ClientName }): Promise<string>
  introspect(token: string): Promise<Readonly<Record<string, unknown>>>
  accepts(token: string | undefined): Promise<boolean>
  revoke(token: string): Promise<void>
  revokeAll(): Promise<void>
  pause(): void
  resume(): void
  held(count?: number): Promise<void>
  fail(times: number, status?: number): void
}
interface ProtectedApi extends Server {
  readonly requests: readonly { readonly url: string; readonly headers: NodeJS.Dict<string | string[]> }[]
}
interface AuthorizationServerModule {
  startAuthorizationServer(options?: { rotation?: boolean; port?: number }): Promise<AuthorizationServer>
}
interface ProtectedApiModule {
  startProtectedApi(options: {
    isValid(token: string | undefined): boolean | Promise<boolean>
  }): Promise<ProtectedApi>
}

const running: Server[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()))
})

const startIssuer: AuthorizationServerModule['startAuthorizationServer'] = async (options = {}) => {
  const servers = await nativeImport<AuthorizationServerModule>('./servers/authorization-server.mjs')
  const server = await servers.startAuthorizationServer(options)
  running.push(server)
  return server
}

const startApi: ProtectedApiModule['startProtectedApi'] = async (options) => {
  const servers = await nativeImport<ProtectedApiModule>('./servers/protected-api.mjs')
  const server = await servers.startProtectedApi(options)
  running.push(server)
  return server
}

/** An authorization server, an API that accepts its tokens, and an axios instance for each. */
async function setUp({ adapter = 'http', rotation = true }: { adapter?: string; rotation?: boolean } = {}) {
  const server = await startIssuer({ rotation })
  const resource = await startApi({ isValid: server.accepts })
  const issuer = axios.create({ baseURL: server.url, adapter })
  const api = axios.create({ baseURL: resource.url, adapter })
  return { server, resource, issuer, api }
}

function authenticateAs({ clientId, clientSecret }: Client, issuer: AxiosInstance): void {
  issuer.interceptors.request.use(basicAuth({ username: clientId, password: clientSecret }))
}

const tokenOf = ({ headers }: ProtectedApi['requests'][number] = { url: '', headers: {} }): string =>
  String(headers.authorization).replace('Bearer ', '')

/** Collects events, and fulfils a promise when one of a type comes. */
function eventLog() {
  const events: TokenEvent[] = []
  let watchers: { type: TokenEvent['type']; seen: () => void }[] = []
  return {
    events,
    onEvent(event: TokenEvent): void {
      events.push(event)
      for (const { type, seen } of watchers) if (type === event.type) seen()
      watchers = watchers.filter(({ type }) => type !== event.type)
    },
    next: (type: TokenEvent['type']) => new Promise<void>((seen) => watchers.push({ type, seen })),
  }
}

const minutes = (count: number): number => count * 60_000

describe.each(['http', 'fetch'])('with client credentials, over the %s adapter', (adapter) => {
  test('an issuer instance that authenticates itself with basicAuth gets a token that the API accepts', async () => {
    const { server, resource, issuer, api } = await setUp({ adapter })
    authenticateAs(server.clients.basic, issuer)
    api.interceptors.request.use(bearerAuth(clientCredentials(issuer, { url: '/token' })))
    const answer = await api.get('/things')
    expect(answer.data).toMatchObject({ ok: true, url: '/things' })
    expect(server.lastTokenRequest).toEqual({
      grantType: 'client_credentials',
      clientAuthentication: 'client_secret_basic',
      parameters: { grant_type: 'client_credentials' },
    })
    expect(resource.requests).toHaveLength(1)
  })

  test.each<[NonNullable<GrantOptions['clientAuthentication']> | undefined, ClientName, string]>([
    [undefined, 'basic', 'client_secret_basic'],
    ['basic', 'basic', 'client_secret_basic'],
    ['basic-encoded', 'basic', 'client_secret_basic'],
    ['basic-encoded', 'awkward', 'client_secret_basic'],
    ['body', 'post', 'client_secret_post'],
    ['body', 'awkward', 'client_secret_post'],
  ])(
    'clientAuthentication %p proves the %s client to the issuer',
    async (clientAuthentication, name, seen) => {
      const { server, issuer, api } = await setUp({ adapter })
      const { clientId, clientSecret } = server.clients[name]
      api.interceptors.request.use(
        bearerAuth(
          clientCredentials(issuer, { url: '/token', clientId, clientSecret, clientAuthentication }),
        ),
      )
      await expect(api.get('/things')).resolves.toMatchObject({ status: 200 })
      expect(server.lastTokenRequest.clientAuthentication).toBe(seen)
      const inBody = seen === 'client_secret_post' ? { client_id: clientId, client_secret: clientSecret } : {}
      expect(server.lastTokenRequest.parameters).toEqual({ grant_type: 'client_credentials', ...inBody })
    },
  )

  test('no token is fetched before the first request, and later requests use the one it brought', async () => {
    const { server, resource, issuer, api } = await setUp({ adapter })
    authenticateAs(server.clients.basic, issuer)
    api.interceptors.request.use(bearerAuth(clientCredentials(issuer, { url: '/token' })))
    await axios.get(resource.url, { validateStatus: () => true }) // a round trip in which a token could have been fetched
    expect(server.tokenRequests).toBe(0)
    await api.get('/first')
    await api.get('/second')
    expect(server.tokenRequests).toBe(1)
    const [, first, second] = resource.requests
    expect(tokenOf(second)).toBe(tokenOf(first))
  })

  test('1,000 concurrent first requests share one token call, and none is refused', async () => {
    const { server, resource, issuer, api } = await setUp({ adapter })
    authenticateAs(server.clients.basic, issuer)
    api.interceptors.request.use(bearerAuth(clientCredentials(issuer, { url: '/token' })))
    const answers = await Promise.all(Array.from({ length: 1000 }, (_, n) => api.get(`/things/${n}`)))
    expect(answers.map(({ data }) => data.url)).toEqual(
      Array.from({ length: 1000 }, (_, n) => `/things/${n}`),
    )
    expect(server.tokenRequests).toBe(1)
    expect(resource.requests).toHaveLength(1000)
  })

  test('requests that are refused because their token was revoked are replayed with one new token, bodies intact', async () => {
    const { server, resource, issuer, api } = await setUp({ adapter })
    authenticateAs(server.clients.basic, issuer)
    api.interceptors.request.use(bearerAuth(clientCredentials(issuer, { url: '/token' })))
    await api.get('/first')
    await server.revokeAll()
    const bodies = Array.from({ length: 200 }, (_, n) => ({ n, text: `"${n}" ünïcödé` }))
    const answers = await Promise.all(bodies.map((body) => api.post(`/things/${body.n}`, body)))
    expect(answers.map(({ data }) => [data.contentType, data.body])).toEqual(
      bodies.map((body) => ['application/json', JSON.stringify(body)]),
    )
    expect(server.tokenRequests).toBe(2)
    for (const { n } of bodies) {
      const sends = resource.requests.filter(({ url }) => url === `/things/${n}`)
      expect(sends.length).toBeLessThanOrEqual(2)
    }
  })

  test('a token that was revoked at the revocation endpoint is replaced', async () => {
    const { server, resource, issuer, api } = await setUp({ adapter })
    authenticateAs(server.clients.basic, issuer)
    api.interceptors.request.use(bearerAuth(clientCredentials(issuer, { url: '/token' })))
    await api.get('/first')
    const [revoked = ''] = resource.requests.map(tokenOf)
    await server.revoke(revoked)
    await expect(api.put('/things', 'as it was')).resolves.toMatchObject({
      status: 200,
      data: { body: 'as it was' },
    })
    const [, refused, replayed] = resource.requests.map(tokenOf)
    expect(refused).toBe(revoked)
    expect(replayed).not.toBe(revoked)
    expect(server.tokenRequests).toBe(2)
  })

  test.each(['basicAuth', 'basic', 'basic-encoded', 'body'] as const)(
    'a wrong secret, sent by %s, fails the request with what the issuer said and shows no secret',
    async (method) => {
      const { server, resource, issuer, api } = await setUp({ adapter })
      const { clientId } = server.clients.basic
      const clientSecret = 'wr0ng/secret~of-a-test'
      if (method === 'basicAuth') authenticateAs({ clientId, clientSecret }, issuer)
      const client = method === 'basicAuth' ? {} : { clientId, clientSecret, clientAuthentication: method }
      api.interceptors.request.use(bearerAuth(clientCredentials(issuer, { url: '/token', ...client })))
      const error: unknown = await api.get('/things').catch((error: unknown) => error)

      expect(error).toBeInstanceOf(AuthError)
      expect(error).toMatchObject({
        code: 'ERR_AUTH_TOKEN_REQUEST',
        error: 'invalid_client',
        status: 401,
        config: { url: '/things' },
      })
      const printed = inspect(error, { depth: null, showHidden: true }) + JSON.stringify(error)
      for (const secret of spellings(clientId, clientSecret)) expect(printed).not.toContain(secret)
      expect(resource.requests).toHaveLength(0)
    },
  )
})

function spellings(clientId: string, secret: string): string[] {
  const asForm = new URLSearchParams({ '': secret }).toString().slice(1)
  const pairs = [secret, asForm].map((value) => Buffer.from(`${clientId}:${value}`).toString('base64'))
  return [secret, asForm, encodeURIComponent(secret), ...pairs]
}

describe('the life of a token', () => {
  test('an API that introspects tokens learns from the issuer who the client is and what it may do', async () => {
    const server = await startIssuer()
    const introspected: Readonly<Record<string, unknown>>[] = []
    const resource = await startApi({
      async isValid(token = '') {
        const answer = await server.introspect(token)
        introspected.push(answer)
        return answer.active === true
      },
    })
    const issuer = axios.create({ baseURL: server.url })
    authenticateAs(server.clients.basic, issuer)
    const api = axios.create({ baseURL: resource.url })
    api.interceptors.request.use(bearerAuth(clientCredentials(issuer, { url: '/token', scope: 'read' })))
    await api.get('/things')
    await server.revokeAll()
    await api.get('/things')
    const { clientId: client_id } = server.clients.basic
    const active = { active: true, client_id, scope: 'read', token_type: 'Bearer' }
    expect(introspected).toMatchObject([active, { active: false }, active])
  })

  test('an expired token is renewed before it is sent, once for all who need it', async () => {
    const { server, resource, issuer, api } = await setUp()
    authenticateAs(server.clients.basic, issuer)
    let now = Date.now()
    const source = tokenSource(clientCredentials(issuer, { url: '/token' }), { now: () => now })
    api.interceptors.request.use(bearerAuth(source))
    await api.get('/first')
    now += minutes(10)
    await server.revokeAll()
    await Promise.all(Array.from({ length: 100 }, (_, n) => api.get(`/later/${n}`)))
    expect(server.tokenRequests).toBe(2)
    // The first, and one send each: nothing was refused.
    expect(resource.requests).toHaveLength(1 + 100)
    expect(new Set(resource.requests.map(tokenOf)).size).toBe(2)
  })

  test('while a token that is due for renewal still works, nobody waits for its successor', async () => {
    const { server, resource, issuer, api } = await setUp()
    authenticateAs(server.clients.basic, issuer)
    let now = Date.now()
    const { onEvent, next } = eventLog()
    const fetch = clientCredentials(issuer, { url: '/token' })
    api.interceptors.request.use(bearerAuth(tokenSource(fetch, { now: () => now, onEvent })))
    await api.get('/first')
    now += minutes(9)
    server.pause()
    await Promise.all(Array.from({ length: 100 }, (_, n) => api.get(`/meanwhile/${n}`)))
    await server.held()
    expect(new Set(resource.requests.map(tokenOf)).size).toBe(1)
    const renewed = next('fetched')
    server.resume()
    await renewed
    await api.get('/after')
    expect(new Set(resource.requests.map(tokenOf)).size).toBe(2)
    expect(server.tokenRequests).toBe(2)
  })

  test('an issuer that fails at a renewal harms no request while the held token works', async () => {
    const { server, resource, issuer, api } = await setUp()
    authenticateAs(server.clients.basic, issuer)
    let now = Date.now()
    const { events, onEvent, next } = eventLog()
    const fetch = clientCredentials(issuer, { url: '/token' })
    api.interceptors.request.use(bearerAuth(tokenSource(fetch, { now: () => now, onEvent })))
    await api.get('/first')
    now += minutes(9)
    server.fail(1, 503)
    const failed = next('failed')
    await expect(api.get('/meanwhile')).resolves.toMatchObject({ status: 200 })
    await failed
    await expect(api.get('/after')).resolves.toMatchObject({ status: 200 })
    expect(events.at(-1)).toMatchObject({ type: 'failed', reason: 'stale', isServing: true })
    expect(new Set(resource.requests.map(tokenOf)).size).toBe(1)
  })
})

describe('with a refresh token', () => {
  test('a rotated refresh token is handed over before the access token that came with it is used', async () => {
    const { server, resource, issuer, api } = await setUp()
    authenticateAs(server.clients.basic, issuer)
    const stored: string[] = []
    const probes = ['/probe/1', '/probe/2', '/probe/3']
    const sentBefore: string[] = []
    const onRotate = async (token: string): Promise<void> => {
      stored.push(token)
      // A request that did not wait for this promise would be there before the last of these.
      for (const url of probes) await axios.get(resource.url + url, { validateStatus: () => true })
      sentBefore.push(...resource.requests.map(({ url }) => url))
    }
    const first = await server.issueRefreshToken()
    api.interceptors.request.use(
      bearerAuth(refreshToken(issuer, { url: '/token', refreshToken: first, onRotate })),
    )
    await expect(api.get('/things')).resolves.toMatchObject({ status: 200 })
    expect(sentBefore).toEqual(probes)
    expect(stored).toHaveLength(1)
    expect(stored[0]).not.toBe(first)
    expect(server.lastTokenRequest.parameters).toEqual({ grant_type: 'refresh_token', refresh_token: first })
  })

  test('200 concurrent requests after expiry use one refresh, and the grant survives it', async () => {
    const { server, resource, issuer, api } = await setUp()
    authenticateAs(server.clients.basic, issuer)
    let now = Date.now()
    const used = [await server.issueRefreshToken()]
    const [first = ''] = used
    const onRotate = (token: string): void => void used.push(token)
    const fetch = refreshToken(issuer, { url: '/token', refreshToken: first, onRotate })
    api.interceptors.request.use(bearerAuth(tokenSource(fetch, { now: () => now })))
    for (const round of [1, 2, 3]) {
      const answers = await Promise.all(Array.from({ length: 200 }, (_, n) => api.get(`/${round}/${n}`)))
      expect(answers.every(({ status }) => status === 200)).toBe(true)
      expect(server.tokenRequests).toBe(round)
      // To use one twice would have ended the grant, and with it the access token.
      expect(server.lastTokenRequest.parameters.refresh_token).toBe(used[round - 1])
      expect(await server.introspect(tokenOf(resource.requests.at(-1)))).toMatchObject({ active: true })
      now += minutes(10)
    }
    expect(resource.requests).toHaveLength(600)
  })

  test('200 concurrent requests that are refused use one refresh, and the grant survives it', async () => {
    const { server, resource, issuer, api } = await setUp()
    authenticateAs(server.clients.basic, issuer)
    const given = await server.issueRefreshToken()
    api.interceptors.request.use(bearerAuth(refreshToken(issuer, { url: '/token', refreshToken: given })))
    for (const round of [1, 2, 3]) {
      const answers = await Promise.all(Array.from({ length: 200 }, (_, n) => api.post(`/${round}`, { n })))
      expect(answers.map(({ data }) => data.body)).toEqual(answers.map((_, n) => JSON.stringify({ n })))
      expect(server.tokenRequests).toBe(round)
      expect(await server.introspect(tokenOf(resource.requests.at(-1)))).toMatchObject({ active: true })
      await server.revokeAll()
    }
  })

  test('two sources that share one refresh token use it one after the other, and the grant survives it', async () => {
    const { server, resource, issuer } = await setUp()
    authenticateAs(server.clients.basic, issuer)
    const fetch = refreshToken(issuer, { url: '/token', refreshToken: await server.issueRefreshToken() })
    const instances = [1, 2, 3].map(() => axios.create({ baseURL: resource.url }))
    for (const instance of instances) instance.interceptors.request.use(bearerAuth(fetch))
    const answers = await Promise.all(instances.map((instance) => instance.get('/things')))
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200])
    expect(await server.introspect(tokenOf(resource.requests.at(-1)))).toMatchObject({ active: true })
  })

  test('where the issuer does not rotate, the refresh token stays in use', async () => {
    const { server, issuer, api } = await setUp({ rotation: false })
    authenticateAs(server.clients.basic, issuer)
    const given = await server.issueRefreshToken()
    const rotated: string[] = []
    const onRotate = (token: string): void => void rotated.push(token)
    api.interceptors.request.use(
      bearerAuth(refreshToken(issuer, { url: '/token', refreshToken: given, onRotate })),
    )
    await api.get('/first')
    await server.revokeAll()
    await api.get('/second')
    expect(server.tokenRequests).toBe(2)
    expect(server.lastTokenRequest.parameters.refresh_token).toBe(given)
    expect(rotated).toEqual([])
  })

  test('a public client, which has no secret, refreshes with its id alone', async () => {
    const { server, issuer, api } = await setUp()
    const { clientId } = server.clients.public
    const given = await server.issueRefreshToken({ client: 'public' })
    api.interceptors.request.use(
      bearerAuth(refreshToken(issuer, { url: '/token', clientId, refreshToken: given })),
    )
    await expect(api.get('/things')).resolves.toMatchObject({ status: 200 })
    expect(server.lastTokenRequest).toEqual({
      grantType: 'refresh_token',
      clientAuthentication: 'none',
      parameters: { grant_type: 'refresh_token', client_id: clientId, refresh_token: given },
    })
  })

  test('a refresh token that has ended fails the request with invalid_grant, and the error does not show it', async () => {
    const { server, resource, issuer, api } = await setUp()
    authenticateAs(server.clients.basic, issuer)
    const given = await server.issueRefreshToken()
    await server.revoke(given)
    api.interceptors.request.use(bearerAuth(refreshToken(issuer, { url: '/token', refreshToken: given })))
    const error: unknown = await api.get('/things').catch((error: unknown) => error)
    expect(error).toBeInstanceOf(AuthError)
    expect(error).toMatchObject({ code: 'ERR_AUTH_TOKEN_REQUEST', error: 'invalid_grant', status: 400 })
    expect(inspect(error, { depth: null, showHidden: true }) + JSON.stringify(error)).not.toContain(given)
    expect(resource.requests).toHaveLength(0)
  })
})

describe('what is asked of the issuer', () => {
  test('scopes, the resource, the audience and further parameters reach it', async () => {
    const { server, resource, issuer, api } = await setUp()
    authenticateAs(server.clients.basic, issuer)
    const options = {
      scope: ['read', 'write'],
      resource: 'https://api.example.com/v1',
      audience: 'https://api.example.com',
    }
    const parameters = { tenant: 'a & b' }
    api.interceptors.request.use(
      bearerAuth(clientCredentials(issuer, { url: '/token', ...options, parameters })),
    )
    await api.get('/things')
    expect(server.lastTokenRequest.parameters).toEqual({
      grant_type: 'client_credentials',
      scope: 'read write',
      resource: 'https://api.example.com/v1',
      audience: 'https://api.example.com',
      tenant: 'a & b',
    })
    expect(await server.introspect(tokenOf(resource.requests[0]))).toMatchObject({
      scope: 'read write',
      aud: 'https://api.example.com/v1',
    })
  })

  test('several resources reach it one by one, and its refusal of them reaches the caller', async () => {
    const { server, issuer, api } = await setUp()
    authenticateAs(server.clients.basic, issuer)
    const resources = ['https://a.example.com/', 'https://b.example.com/']
    api.interceptors.request.use(
      bearerAuth(clientCredentials(issuer, { url: '/token', resource: resources })),
    )
    await expect(api.get('/things')).rejects.toMatchObject({
      code: 'ERR_AUTH_TOKEN_REQUEST',
      error: 'invalid_target',
      error_description: expect.stringContaining('single resource'),
      status: 400,
    })
    expect(server.lastTokenRequest.parameters.resource).toEqual(resources)
  })
})

describe('an issuer that goes down', () => {
  /** An API that asks whichever issuer runs at the moment, and a way to start the next one in its place. */
  async function setUpRestart() {
    const first = await startIssuer()
    let current = first
    const resource = await startApi({ isValid: (token) => current.accepts(token) })
    const issuer = axios.create({ baseURL: first.url })
    authenticateAs(first.clients.basic, issuer)
    const api = axios.create({ baseURL: resource.url })
    api.interceptors.request.use(bearerAuth(clientCredentials(issuer, { url: '/token' })))
    const restart = async (): Promise<AuthorizationServer> => {
      current = await startIssuer({ port: Number(new URL(first.url).port) })
      return current
    }
    return { stop: first.close, restart, resource, api }
  }

  test('fails the requests that need a token, with the reason as cause, and the next one works when it is back', async () => {
    const { stop, restart, resource, api } = await setUpRestart()
    await stop()
    const errors = await Promise.all([1, 2, 3].map((n) => api.get(`/${n}`).catch((error: unknown) => error)))
    for (const [at, error] of errors.entries()) {
      expect(error).toBeInstanceOf(AuthError)
      expect(error).toMatchObject({
        code: 'ERR_AUTH_TOKEN_REQUEST',
        cause: expect.objectContaining({ code: 'ECONNREFUSED' }),
        config: { url: `/${at + 1}` },
      })
    }
    expect(resource.requests).toHaveLength(0)

    const server = await restart()
    await expect(api.get('/things')).resolves.toMatchObject({ status: 200 })
    expect(server.tokenRequests).toBe(1)
  })

  test('and comes back without its tokens costs the next request one replay', async () => {
    const { stop, restart, resource, api } = await setUpRestart()
    await api.get('/before')
    await stop()
    const server = await restart()
    await expect(api.get('/after')).resolves.toMatchObject({ status: 200 })
    expect(resource.requests.map(({ url }) => url)).toEqual(['/before', '/after', '/after'])
    expect(server.tokenRequests).toBe(1)
  })
})
