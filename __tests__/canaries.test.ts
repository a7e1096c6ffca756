import axios, {
  type AxiosAdapter,
  AxiosError,
  type AxiosInstance,
  type InternalAxiosRequestConfig,
} from 'axios'
import MockAdapter from 'axios-mock-adapter'
import {
  type AuthEvent,
  apiKeyAuth,
  basicAuth,
  bearerAuth,
  clientCredentials,
  type FetchToken,
  refreshToken,
  renewWith,
  type TokenEvent,
  tokenRequest,
  tokenSource,
} from '#lib'
import {
  authorizationServer,
  type ClientAuthentication,
  clientSecretBasic,
  clientSecretJwt,
  clientSecretPost,
  dpopAuth,
  none,
  privateKeyJwt,
} from '#lib/oauth'
import { type Canary, canary, canaryOf, findings } from './support/canaries'
import { startServer } from './support/servers'

// Everything that the library hands out or throws is shown in all ways that a program has (support/traces.ts, and a walk
// along all properties, which tells the path), with a canary in each place of a credential. What docs/security.md says
// is not redacted stands here as an exception, with its reason. What the user has put somewhere himself holds no canary.

type Things = Record<string, unknown>

/** All that is found in these things. */
const found = (things: Things, canaries: readonly Canary[]): string[] =>
  Object.entries(things).flatMap(([what, thing]) => findings(what, thing, canaries))

/** Both ways at once: a served response or what it failed with. */
const outcomeOf = (request: Promise<unknown>): Promise<unknown> => request.catch((error: unknown) => error)

/** An object, and what it leads to that may be shown in another way when it is shown alone. */
function parted(name: string, thing: unknown): Things {
  const { request, cause } = Object(thing) as Record<string, unknown>
  const toJSON = (thing as { toJSON?(): unknown } | undefined)?.toJSON
  return {
    [name]: thing,
    ...(request !== undefined && { [`${name}.request`]: request }),
    ...(cause !== undefined && { [`${name}.cause`]: cause }),
    ...(typeof toJSON === 'function' && { [`${name}.toJSON()`]: toJSON.call(thing) }),
  }
}

// With all that is encoded somewhere: in a URL, a form, JSON, a header.
const AWKWARD = ' %2B+&=/"\\\'?#:@ü'
const ASCII = '%2B+&=/"\'?#:@'

/** One of each way in which a credential travels to an API. */
function everyCredential() {
  const c = {
    username: canary('the user-id', ' %2B+&=/"\\\'?#@ü'),
    password: canary('the password', AWKWARD),
    ownPassword: canary('the password that a function gives', AWKWARD),
    header: canary('the key in a header', ASCII),
    query: canary('the key in the query', AWKWARD),
    cookie: canary('the key in a cookie', "%2B+&=/'?#:@"),
    fixed: canary('the fixed token', ASCII),
    queryToken: canary('the token in the query', ASCII),
    cookieToken: canary('the token in a cookie'),
    fetched: canary('the fetched token', ASCII),
    successor: canary('the token that replaces it', ASCII),
    refresh: canary('the refresh token', ASCII),
    idToken: canary('the id_token', ASCII),
    xsrf: canary('the value that travels with the token', ASCII),
    secret: canary('the client secret', AWKWARD),
  }
  const events: (AuthEvent | TokenEvent)[] = []
  const onEvent = (event: AuthEvent | TokenEvent): void => void events.push(event)
  return { c, all: Object.values(c), events, onEvent }
}

type Every = ReturnType<typeof everyCredential>

/** The interceptors of one instance each: two that want the same header cannot share one. */
function interceptorsOf({ c, onEvent }: Every, fetchToken: FetchToken) {
  const source = tokenSource(fetchToken, { onEvent })
  return {
    source,
    sets: {
      'Basic, and keys in a header, the query and a cookie': [
        basicAuth({ username: c.username.value, password: c.password.value }, { onEvent }),
        apiKeyAuth({ name: 'X-API-Key', value: c.header.value }, { onEvent }),
        apiKeyAuth({ name: 'api_key', value: c.query.value, in: 'query' }, { onEvent }),
        apiKeyAuth({ name: 'sid', value: c.cookie.value, in: 'cookie' }, { onEvent }),
      ],
      'Basic of functions, and tokens in the query and a cookie': [
        basicAuth({ username: 'fake-user', password: async () => c.ownPassword.value }),
        bearerAuth(() => c.queryToken.value, { in: 'query', onEvent }),
        bearerAuth(() => Promise.resolve(c.cookieToken.value), { in: 'cookie', name: 'token', onEvent }),
      ],
      'a fixed token': [bearerAuth(c.fixed.value, { onEvent })],
      'a fetched token that is replaced once': [bearerAuth(source, { onEvent })],
      'values that are attached by hand': [
        bearerAuth(source, {
          onEvent,
          attach: (request, token) => {
            request.attach({ in: 'header', name: 'X-Token' }, token.value)
            request.attach({ in: 'header', name: 'X-XSRF' }, String(token.extra.xsrf))
            request.attach({ in: 'query', name: 'token' }, token.value)
          },
        }),
      ],
    },
  }
}

/** A login, from then on a refresh, which fails if it is told to. */
function issuerOf({ c }: Every) {
  let tokens = 0
  let isFailing = false
  const fetchToken: FetchToken = () => {
    if (isFailing) throw new Error('the issuer is down')
    tokens += 1
    return {
      access_token: (tokens === 1 ? c.fetched : c.successor).value,
      token_type: 'Bearer',
      expires_in: 600,
      refresh_token: c.refresh.value,
      id_token: c.idToken.value,
      xsrf: c.xsrf.value,
    }
  }
  return { fetchToken, fail: () => (isFailing = true) }
}

const OUTCOMES: Record<string, (api: AxiosInstance, away: string) => Promise<unknown>> = {
  'a served response': (api) => api.post('/things', { a: 1 }),
  'a response by validateStatus': (api) => api.get('/404', { validateStatus: () => true }),
  'a refusal': (api) => api.get('/401'),
  'a client error': (api) => api.put('/404', 'text'),
  'a server error': (api) => api.get('/500'),
  'a redirect': (api) => api.get('/redirect'),
  'a redirect that is not followed': (api) => api.get('/redirect', { maxRedirects: 0 }),
  'a redirect to elsewhere': (api, away) => api.get('/away', { params: { away } }),
  'a broken connection': (api) => api.get('/broken'),
  'a timeout': (api) => api.get('/silent', { timeout: 40 }),
  'an abort': (api) => api.get('/silent', { signal: AbortSignal.timeout(40) }),
  'an answer too large': (api) => api.get('/things', { maxContentLength: 1 }),
  'a body that is no JSON': (api) =>
    api.get('/things', { responseType: 'json', transitional: { silentJSONParsing: false } }),
  'a transform that throws': (api) =>
    api.get('/things', {
      transformResponse: () => {
        throw new Error('no')
      },
    }),
  'an invalid header of my own': (api) => api.get('/things', { headers: { 'X-Bad': 'a\u0000b' } }),
  'a URL that cannot be read': (api) => api.get('https://%', { baseURL: '' }),
}

async function startApi() {
  const away = await startServer((_, response) => response.end('elsewhere'))
  const server = await startServer((request, response) => {
    const { pathname } = new URL(request.url ?? '', 'http://localhost')
    if (pathname === '/broken') request.socket.destroy()
    else if (pathname === '/redirect') response.writeHead(302, { location: '/things' }).end()
    // A server may write into its redirect what it was sent.
    else if (pathname === '/away')
      response
        .writeHead(302, { location: `${away.url}/${request.url?.slice(request.url.indexOf('?'))}` })
        .end()
    else if (pathname !== '/silent') response.writeHead(Number(pathname.slice(1)) || 200).end('some text')
  })
  return { url: server.url, away: away.url, server, foreign: away }
}

/** An adapter of the user's own, which leaves what it was given in whatever it gives. */
const ownAdapter: AxiosAdapter = async (config: InternalAxiosRequestConfig) => {
  const path = (config.url ?? '').replace(/^.*\/\/[^/]*/, '')
  const request = {
    headers: { ...config.headers },
    url: axios.getUri(config),
    config: { ...config, headers: 'kept' },
  }
  const status = Number(path.slice(1, 4)) || 200
  const response = { data: 'some text', status, statusText: '', headers: {}, config, request }
  const isServed = (config.validateStatus ?? (() => true))(status)
  if (isServed && !/broken|silent|away|redirect/.test(path)) return response
  const told = `${request.url} ${String(config.headers)}`
  throw new AxiosError(
    `could not send ${told}`,
    'ERR_NETWORK',
    config,
    request,
    isServed ? undefined : response,
  )
}

describe.each(['http', 'fetch', 'a function', 'axios-mock-adapter'])('over the adapter: %s', (adapter) => {
  test.each(Object.entries(OUTCOMES))(
    '%s, and all that leads to it, shows none of the credentials in any way',
    async (outcome, send) => {
      const every = everyCredential()
      const { server, foreign, url, away } = await startApi()
      const issuer = issuerOf(every)
      const { source, sets } = interceptorsOf(every, issuer.fetchToken)
      const things: Things = {}
      for (const [name, interceptors] of Object.entries(sets)) {
        const api = axios.create({
          baseURL: url,
          adapter: adapter === 'a function' ? ownAdapter : adapter === 'fetch' ? 'fetch' : 'http',
        })
        if (adapter === 'axios-mock-adapter') mocked(api)
        for (const interceptor of interceptors) api.interceptors.request.use(interceptor)
        Object.assign(things, parted(`${outcome} (${name})`, await outcomeOf(send(api, away))))
        // These are the same after each outcome.
        if (!['a served response', 'a refusal'].includes(outcome)) continue
        things[`the interceptors (${name})`] = [interceptors, api.interceptors]
        // Its adapter holds the mock, and that the history of what was sent: docs/security.md, "what sees the request".
        if (adapter !== 'axios-mock-adapter') things[`the instance (${name})`] = [api, api.defaults]
      }
      expect(findings('what another origin was sent', foreign.requests, every.all)).toEqual([])
      expect(
        found({ ...things, source, 'source.inspect()': source.inspect(), events: every.events }, every.all),
      ).toEqual([])
      // They were there: the server has seen them.
      const isReal = adapter === 'http' || adapter === 'fetch'
      const sent = JSON.stringify(server.requests.map(({ headers, url }) => [headers, url]))
      if (isReal && server.requests.length > 0)
        for (const { name, needles } of [every.c.header, every.c.fixed, every.c.password])
          expect([name, needles.some((needle) => sent.includes(needle))]).toEqual([name, true])
    },
  )

  test.each(['the replay is served', 'the replay is refused, too', 'no other token can be had'])(
    'a refused token: %s',
    async (what) => {
      const every = everyCredential()
      let refusals = 0
      const answer = (): number => {
        refusals += 1
        return what === 'the replay is served' && refusals > 1 ? 200 : 401
      }
      const server = await startServer((_, response) => response.writeHead(answer()).end('some text'))
      const issuer = issuerOf(every)
      const { source, sets } = interceptorsOf(every, issuer.fetchToken)
      for (const validateStatus of [undefined, () => true]) {
        refusals = 0
        const own: AxiosAdapter = async (config) => {
          const status = answer()
          const response = { data: '', status, statusText: '', headers: {}, config, request: { ...config } }
          if ((config.validateStatus ?? (() => true))(status)) return response
          throw new AxiosError(
            `refused ${String(config.headers)}`,
            'ERR_BAD_REQUEST',
            config,
            { ...config },
            response,
          )
        }
        const api = axios.create({
          baseURL: server.url,
          adapter: adapter === 'a function' ? own : adapter === 'fetch' ? 'fetch' : 'http',
          ...(validateStatus && { validateStatus }),
        })
        if (adapter === 'axios-mock-adapter')
          new MockAdapter(api).onAny().reply(() => [answer(), 'some text'])
        for (const interceptor of sets['a fetched token that is replaced once'])
          api.interceptors.request.use(interceptor)
        await source.get().catch(() => undefined)
        if (what === 'no other token can be had') issuer.fail()
        const seen = await outcomeOf(api.get('/things'))
        const things = parted(what, seen)
        // As a program that retries would: with the config of what failed.
        const { config } = seen as AxiosError
        if (config) Object.assign(things, parted(`${what}, sent again`, await outcomeOf(api.request(config))))
        const { events } = every
        expect(found({ ...things, source, inspected: source.inspect(), events }, every.all)).toEqual([])
      }
      expect(every.events.map(({ type }) => type)).toContain('refused')
    },
  )
})

function mocked(api: AxiosInstance): void {
  const mock = new MockAdapter(api)
  const status = (code: number) => () => [code, 'some text'] as [number, string]
  mock.onAny('/things').reply(status(200))
  for (const code of [401, 404, 500]) mock.onAny(`/${code}`).reply(status(code))
  mock.onAny('/redirect').reply(302, '', { location: '/things' })
  mock.onAny('/broken').networkError()
  mock.onAny('/silent').timeout()
}

describe('a token request', () => {
  type Answer =
    | readonly [status: number, body: string, headers?: Record<string, string>]
    | 'broken'
    | 'silent'
  const answers = ({ c }: Every): Record<string, Answer> => {
    const token = c.fetched.value
    const json = (body: object, status = 200): Answer => [
      status,
      JSON.stringify(body),
      { 'content-type': 'application/json' },
    ]
    return {
      'is served': json({
        access_token: token,
        refresh_token: c.refresh.value,
        id_token: c.idToken.value,
        xsrf: c.xsrf.value,
      }),
      'is refused': json({ error: 'invalid_client', error_description: 'unknown client' }, 401),
      'is refused with a token in it': json(
        { error: 'invalid_grant', access_token: token, refresh_token: c.refresh.value },
        400,
      ),
      'is throttled': [429, token, { 'retry-after': '3' }],
      'meets a page of an error': [500, `<p>${token}</p>`],
      'meets an error with status 200': json({ error: 'access_denied', access_token: token }),
      'brings a token with a blank': json({ access_token: `${token} x`, token_type: 'Bearer' }),
      'brings a token that is no text': json({ access_token: [token], id_token: c.idToken.value }),
      'brings an unknown type': json({ access_token: token, token_type: 'mac' }),
      'brings a type that is no text': json({ access_token: token, token_type: { of: token } }),
      'brings a bad expires_in': json({ access_token: token, expires_in: token }),
      'brings a text': [200, token],
      'brings half of its JSON': [200, `{"access_token":"${token}`, { 'content-type': 'application/json' }],
      'brings a list': json([token]),
      'brings nothing': [200, ''],
      'is redirected': [302, '', { location: `/elsewhere?token=${c.idToken.needles[0]}` }],
      'breaks off': 'broken',
      'takes too long': 'silent',
    }
  }
  const names = Object.keys(answers(everyCredential()))

  async function setUp(name: string) {
    const every = everyCredential()
    const answer = answers(every)[name] as Answer
    const server = await startServer((request, response) => {
      if (answer === 'broken') request.socket.destroy()
      else if (answer !== 'silent') response.writeHead(answer[0], answer[2]).end(answer[1])
    })
    return { every, server }
  }

  /** Whatever a source gives and says, asked twice: the second time it may be throttled; and a request that waits for it. */
  async function allOf(
    fetchToken: FetchToken,
    { onEvent, events }: Every,
    isPatient: boolean,
  ): Promise<Things> {
    const source = tokenSource(fetchToken, { onEvent, timeout: isPatient ? 5000 : 60 })
    const api = axios.create({ baseURL: 'http://127.0.0.1:9', adapter: ownAdapter })
    const interceptor = bearerAuth(source, { onEvent })
    api.interceptors.request.use(interceptor)
    return {
      ...parted('get()', await outcomeOf(source.get())),
      ...parted('a request', await outcomeOf(api.get('/things'))),
      ...parted('renew()', await outcomeOf(source.renew())),
      ...parted(
        'the last of many',
        await outcomeOf(Promise.all([source.renew(), source.renew(), source.renew()])),
      ),
      source,
      interceptor,
      fetchToken,
      'source.inspect()': source.inspect(),
      events,
      api,
    }
  }

  describe.each(['http', 'fetch'])('over the %s adapter', (adapter) => {
    test.each(names)('of a grant, that %s, shows neither secret nor token', async (name) => {
      const { every, server } = await setUp(name)
      const { c } = every
      const client = axios.create({ baseURL: server.url, adapter })
      const own = axios.create({ baseURL: server.url, adapter })
      const ownAuth = basicAuth({ username: c.username.value, password: c.password.value })
      own.interceptors.request.use(ownAuth)
      const url = '/token'
      const secret = { clientId: 'fake-client', clientSecret: c.secret.value } as const
      const refresh = refreshToken(client, {
        url,
        ...secret,
        clientAuthentication: 'body',
        refreshToken: c.refresh.value,
      })
      const grants: Record<string, FetchToken> = {
        basic: clientCredentials(client, { url, ...secret }),
        'basic-encoded': clientCredentials(client, { url, ...secret, clientAuthentication: 'basic-encoded' }),
        body: clientCredentials(client, { url, ...secret, clientAuthentication: 'body' }),
        'secret by a function': clientCredentials(client, {
          url,
          ...secret,
          clientSecret: () => c.secret.value,
        }),
        'own instance': clientCredentials(own, { url }),
        'refresh token': refresh,
        'login and renewal': renewWith(refresh, clientCredentials(own, { url })),
        'my own request': tokenRequest(own, { method: 'post', url, data: 'grant=mine' }),
        'my own reading': tokenRequest(own, { url }, (response) => String(response.headers['x-token'])),
      }
      const findings: string[] = []
      for (const [grant, fetchToken] of Object.entries(grants))
        findings.push(
          ...found(await allOf(fetchToken, every, name !== 'takes too long'), every.all).map(
            (one) => `${grant}: ${one}`,
          ),
        )
      findings.push(...found({ ownAuth, own, client }, every.all))
      expect(findings).toEqual([])
      expect(server.requests.length).toBeGreaterThan(0)
    })
  })

  test('of a function: what it throws beside its message shows nowhere', async () => {
    const every = everyCredential()
    const { c } = every
    const thrown: unknown[] = [
      Object.assign(new Error('failed'), { config: { auth: c.secret.value }, token: c.fetched.value }),
      Object.assign(
        new Error('failed', { cause: Object.assign(new Error('below'), { body: c.refresh.value }) }),
      ),
      new AxiosError(
        'failed',
        'ERR_BAD_REQUEST',
        { headers: { Authorization: c.secret.value } } as never,
        c.password,
        {
          status: 418,
          data: { access_token: c.fetched.value },
        } as never,
      ),
      { access_token: c.fetched.value },
      c.fetched.value,
      [c.fetched.value],
      new AggregateError([new Error(c.fetched.value)], 'several'),
      new SyntaxError(`Unexpected token in ${c.fetched.value}`),
    ]
    for (const error of thrown) {
      const fails: FetchToken = () => {
        throw error
      }
      expect(found(await allOf(fails, every, true), every.all)).toEqual([])
    }
  })

  // The exception: who calls a grant himself gets what it gives, the token, and what axios throws, with the request in it.
  // What takes the secret off is the source (`tokenSource`, `bearerAuth`).
  test('of a grant that is called by hand, that breaks off, ends in the error of axios, which holds the secret', async () => {
    const { every, server } = await setUp('breaks off')
    const { secret } = every.c
    const client = axios.create({ baseURL: server.url })
    const { signal } = new AbortController()
    const context = { reason: 'cold', previous: undefined, signal, key: '', parameters: {} } as const
    const options = { url: '/token', clientId: 'fake-client', clientSecret: secret.value } as const
    const fetchToken = clientCredentials(client, options)
    const error = await outcomeOf(Promise.resolve(fetchToken(context)))
    expect(findings('the error', error, every.all)).toEqual([
      expect.stringMatching(/^the client secret is shown by the error: .*\.config\.headers\.Authorization/),
    ])
  })

  test('that is given up: cleared, throttled, aborted, out of time', async () => {
    const every = everyCredential()
    const { c, onEvent, events, all } = every
    const source = tokenSource(() => new Promise<string>(() => undefined), { onEvent })
    const waiting = outcomeOf(source.get())
    const aborted = outcomeOf(source.get({ signal: AbortSignal.timeout(10), headers: { mine: 'x' } }))
    const timedOut = outcomeOf(source.get({ timeout: 10 }))
    const things: Things = { ...parted('aborted', await aborted), ...parted('out of time', await timedOut) }
    source.clear()
    Object.assign(things, parted('cleared', await waiting))
    // A refused token is asked for again only so often.
    const refused = tokenSource(() => ({ access_token: c.fetched.value, refresh_token: c.refresh.value }), {
      onEvent,
    })
    let throttled: unknown
    for (let at = 0; at < 20; at += 1) {
      const token = await outcomeOf(refused.get())
      if (token instanceof Error) throttled = token
      else refused.reject(token as Awaited<ReturnType<typeof refused.get>>)
    }
    const token = await outcomeOf(refused.get())
    Object.assign(things, parted('throttled', throttled), {
      refused,
      token,
      inspected: refused.inspect(),
      events,
    })
    expect(found(things, all)).toEqual([])
  })
})

describe('an authorization server (OAuth)', () => {
  type Answer = readonly [status: number, body: string] | 'broken'
  const KINDS = {
    'serves all': (body) => [200, JSON.stringify(body)],
    'refuses all': () => [400, JSON.stringify({ error: 'invalid_grant', error_description: 'no' })],
    'refuses all, and repeats secrets': (body) => [401, JSON.stringify({ ...body, error: 'invalid_client' })],
    'shows a page with secrets': (body) => [500, `<p>${JSON.stringify(body)}</p>`],
    'answers with half of its JSON': (body) => [200, JSON.stringify(body).slice(0, -9)],
    'answers with members of the wrong type': (body) => [
      200,
      JSON.stringify(Object.fromEntries(Object.entries(body).map(([name, value]) => [name, [value]]))),
    ],
    'answers with a text': (body) => [200, JSON.stringify(JSON.stringify(body))],
    'answers with an unknown token_type': (body) => [200, JSON.stringify({ ...body, token_type: 'mac' })],
    'breaks off': () => 'broken',
  } satisfies Record<string, (body: object) => Answer>

  async function setUp(kind: keyof typeof KINDS, adapter: string) {
    const c = {
      secret: canary('the client secret', AWKWARD),
      token: canary('the fetched token', ASCII),
      refresh: canary('the refresh token', ASCII),
      idToken: canary('the id_token', ASCII),
      code: canary('the authorization code'),
      deviceCode: canary('the device code', ASCII),
      assertion: canary('the assertion of the grant', ASCII),
      subject: canary('the subject token', ASCII),
      actor: canary('the actor token', ASCII),
      revoked: canary('the token to be revoked', ASCII),
    }
    const token = {
      access_token: c.token.value,
      token_type: 'Bearer',
      expires_in: 600,
      refresh_token: c.refresh.value,
    }
    const bodies: Record<string, object> = {
      '/token': token,
      '/openid': { ...token, id_token: c.idToken.value },
      '/device': {
        device_code: c.deviceCode.value,
        user_code: 'FAKE-CODE',
        verification_uri: 'https://login.example.com/device',
        expires_in: 60,
        interval: 1,
      },
      '/introspect': { active: true, token_type: 'Bearer' },
      '/revoke': {},
    }
    const server = await startServer((request, response) => {
      const answer: Answer = KINDS[kind](bodies[request.url ?? ''] ?? {})
      if (answer === 'broken') request.socket.destroy()
      else response.writeHead(answer[0], { 'content-type': 'application/json' }).end(answer[1])
    })
    const metadata = {
      issuer: server.url,
      token_endpoint: `${server.url}/token`,
      authorization_endpoint: `${server.url}/authorize`,
      device_authorization_endpoint: `${server.url}/device`,
      revocation_endpoint: `${server.url}/revoke`,
      introspection_endpoint: `${server.url}/introspect`,
    }
    const client = axios.create({ adapter })
    const serverWith = (
      clientAuthentication: ClientAuthentication,
      keyPair?: CryptoKeyPair,
      endpoint = '/token',
    ) =>
      authorizationServer(client, {
        metadata: { ...metadata, token_endpoint: `${server.url}${endpoint}` },
        clientId: 'fake-client',
        clientAuthentication,
        keyPair,
      })
    return { c, server, client, serverWith }
  }

  /** What nobody could know before: proofs, assertions and header fields, as the server has got them. */
  function onTheWire(requests: readonly { headers: Record<string, unknown>; body: Buffer }[]): Canary[] {
    const canaries: Canary[] = []
    for (const { headers, body } of requests) {
      const form = new URLSearchParams(body.toString())
      const values = {
        'the Authorization field': String(headers.authorization ?? '').replace(/^\w+ /, ''),
        'a DPoP proof': headers.dpop as string | undefined,
        'a client assertion': form.get('client_assertion'),
        'a code verifier': form.get('code_verifier'),
      }
      for (const [name, value] of Object.entries(values)) if (value) canaries.push(canaryOf(name, value))
    }
    return canaries
  }

  const generateKeyPair = () =>
    crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify'])
  /** What signs with it need not know what is in it. */
  const secretOf = async (name: string, { privateKey }: CryptoKeyPair): Promise<Canary> =>
    canaryOf(name, (await crypto.subtle.exportKey('jwk', privateKey)).d as string)

  const kinds = Object.keys(KINDS) as (keyof typeof KINDS)[]

  describe.each(['http', 'fetch'])('over the %s adapter', (adapter) => {
    test.each(kinds)('that %s: sources, tokens, errors and itself show no secret', async (kind) => {
      const { c, server, client, serverWith } = await setUp(kind, adapter)
      const [clientKey, proofKey] = [await generateKeyPair(), await generateKeyPair()]
      const events: unknown[] = []
      const onEvent = (event: unknown): void => void events.push(event)
      const prompts: unknown[] = []
      const things: Things = { client, events, prompts }

      const secret = c.secret.value
      const ways: Record<string, ClientAuthentication> = {
        basic: clientSecretBasic(secret),
        raw: clientSecretBasic(() => secret, { encoding: 'raw' }),
        post: clientSecretPost(async () => secret),
        'secret jwt': clientSecretJwt(secret),
        'private key jwt': privateKeyJwt({ key: clientKey.privateKey, kid: 'fake-key' }),
        none: none(),
      }
      const post = serverWith(ways.post as ClientAuthentication)
      const bound = serverWith(none(), proofKey)
      const begun = await post.authorizationRequest({
        redirectUri: 'https://app.example.com/back',
        scope: 'openid',
      })
      // It is to be kept with the user's session: its members can be read on purpose, `codeVerifier` too, but the URL
      // that the user is sent to must not have it.
      const verifier = canaryOf('the PKCE verifier', begun.codeVerifier)
      things['authorizationRequest().url'] = begun.url
      const { url: _, ...kept } = begun
      const callbackUrl = `https://app.example.com/back?code=${c.code.value}&state=${begun.state}&iss=${encodeURIComponent(server.url)}`
      const openid = serverWith(ways.post as ClientAuthentication, undefined, '/openid')
      const servers = {
        ...Object.fromEntries(Object.entries(ways).map(([name, way]) => [name, serverWith(way)])),
        bound,
        openid,
      }

      const fetches: Record<string, FetchToken> = {
        ...Object.fromEntries(
          Object.entries(ways).map(([name, way]) => [
            `client credentials by ${name}`,
            serverWith(way).clientCredentials(),
          ]),
        ),
        'refresh token': post.refreshToken({ refreshToken: c.refresh.value }),
        'refresh token of a login': renewWith(post.refreshToken(), post.clientCredentials()),
        code: post.authorizationCode({
          callbackUrl,
          redirectUri: begun.redirectUri,
          state: begun.state,
          codeVerifier: begun.codeVerifier,
        }),
        'code of another login': post.authorizationCode({ ...kept, callbackUrl: `${callbackUrl}x` }),
        'code with an id_token': openid.authorizationCode({ ...kept, callbackUrl }),
        'device code': post.deviceAuthorization({
          onUserCode: (prompt) => void prompts.push(prompt),
          wait: () => Promise.resolve(),
        }),
        'token exchange': post.tokenExchange({
          subjectToken: c.subject.value,
          actorToken: () => c.actor.value,
        }),
        'assertion grant': post.jwtBearer({ assertion: () => c.assertion.value }),
        'bound to a key': bound.clientCredentials(),
      }
      for (const [name, fetchToken] of Object.entries(fetches)) {
        const source = tokenSource(fetchToken, { onEvent, timeout: 5000 })
        Object.assign(things, parted(`${name}: get()`, await outcomeOf(source.get())))
        Object.assign(things, parted(`${name}: renew()`, await outcomeOf(source.renew())))
        Object.assign(things, { [`${name}: the rest`]: [source, fetchToken, source.inspect()] })
      }
      for (const [name, way] of Object.entries(servers)) {
        Object.assign(things, parted(`revoke() (${name})`, await outcomeOf(way.revoke(c.revoked.value))))
        Object.assign(
          things,
          parted(`introspect() (${name})`, await outcomeOf(way.introspect(c.revoked.value, 'refresh_token'))),
        )
        Object.assign(things, {
          [`the server (${name})`]: way,
          [`metadata() (${name})`]: await way.metadata(),
        })
      }
      Object.assign(things, { ways })

      const all = [
        ...Object.values(c),
        verifier,
        await secretOf('the private key of the client', clientKey),
        await secretOf('the private key of the proofs', proofKey),
        ...onTheWire(server.requests),
      ]
      expect(found(things, all)).toEqual([])
      expect(findings('the authorizationRequest', begun, [verifier])[0]).toMatch(
        /^the PKCE verifier is shown by .*\.codeVerifier/,
      )
      const wire = onTheWire(server.requests).map(({ name }) => name)
      expect(new Set(wire).size).toBe(4)
    })

    test.each([
      ['is served', 200, undefined],
      ['is refused', 401, 'DPoP error="invalid_token"'],
      ['lacks a nonce', 401, 'DPoP error="use_dpop_nonce"'],
      ['fails', 500, undefined],
    ])('a request with a proof that %s shows neither token nor proof', async (_, status, challenge) => {
      const keyPair = await generateKeyPair()
      const token = canary('the fetched token', ASCII)
      const server = await startServer((_, response) => {
        response
          .writeHead(status, {
            'dpop-nonce': 'fake-nonce',
            ...(challenge && { 'www-authenticate': challenge }),
          })
          .end()
      })
      const api = axios.create({ baseURL: server.url, adapter })
      const interceptor = dpopAuth(() => ({ access_token: token.value, token_type: 'DPoP' }), { keyPair })
      api.interceptors.request.use(interceptor)
      const things = {
        ...parted('what came', await outcomeOf(api.post('/things', { a: 1 }))),
        interceptor,
        api,
      }
      const all = [token, await secretOf('the private key', keyPair), ...onTheWire(server.requests)]
      expect(found(things, all)).toEqual([])
      expect(new Set(all.map(({ name }) => name))).toContain('a DPoP proof')
    })

    test.each([404, 500, 200])(
      'whose discovery answers with status %d shows nothing of it',
      async (status) => {
        const { c, client } = await setUp('serves all', adapter)
        const server = await startServer((_, response) =>
          response.writeHead(status).end(`{"x":"${c.token.value}"`),
        )
        const asked = authorizationServer(client, {
          issuer: server.url,
          clientId: 'fake-client',
          clientAuthentication: clientSecretBasic(c.secret.value),
        })
        const things = {
          ...parted('metadata()', await outcomeOf(asked.metadata())),
          ...parted('a token', await outcomeOf(tokenSource(asked.clientCredentials()).get())),
          ...parted('revoke()', await outcomeOf(asked.revoke(c.revoked.value))),
          asked,
        }
        expect(found(things, Object.values(c))).toEqual([])
      },
    )
  })
})

describe('what is wrong is told without the value', () => {
  test('by the TypeErrors of options', () => {
    const { c, all } = everyCredential()
    const bad = (one: Canary): string => `${one.value}\n`
    const client = axios.create()
    const attempts: Record<string, () => unknown> = {
      'a password': () => basicAuth({ username: 'fake-user', password: bad(c.password) }),
      'a user-id': () => basicAuth({ username: `${c.username.value}:x`, password: '' }),
      'a key in a header': () => apiKeyAuth({ name: 'X-Key', value: bad(c.header) }),
      'a key in a cookie': () => apiKeyAuth({ name: 'sid', value: `${c.cookie.value};`, in: 'cookie' }),
      'a key by another name': () => apiKeyAuth({ name: 'X-Key', key: c.header.value } as never),
      'a token': () => bearerAuth(bad(c.fixed)),
      'a token with its scheme': () => bearerAuth(`Bearer ${c.fixed.value}`),
      'a token in an object': () => bearerAuth({ access_token: c.fixed.value } as never),
      'a secret that is no text': () =>
        clientCredentials(client, { url: '/', clientId: 'fake', clientSecret: [c.secret.value] as never }),
      'a secret without an id': () => clientCredentials(client, { url: '/', clientSecret: c.secret.value }),
      'a parameter that has an option': () =>
        clientCredentials(client, { url: '/', parameters: { client_secret: c.secret.value } }),
      'a refresh token': () => refreshToken(client, { url: '/', refreshToken: bad(c.refresh) }),
      'an origin with user-info': () =>
        bearerAuth('x', { origins: `https://fake-user:${c.password.needles[0]}@api.example.com` }),
      'an issuer with user-info': () =>
        authorizationServer(client, {
          issuer: `https://fake-user:${c.password.needles[0]}@%`,
          clientId: 'fake',
        }),
      'a secret for a server': () => clientSecretBasic([c.secret.value] as never),
      'a key for a server': () => privateKeyJwt({ key: c.secret.value } as never),
      'a key pair': () => dpopAuth(() => c.fetched.value, { keyPair: c.secret.value as never }),
      'an assertion': () =>
        authorizationServer(client, { issuer: 'https://x.example', clientId: 'fake' }).jwtBearer({
          assertion: bad(c.secret),
        }),
      'a callback': () =>
        authorizationServer(client, { issuer: 'https://x.example', clientId: 'fake' }).authorizationCode({
          callbackUrl: c.secret.value,
          redirectUri: 'x',
          state: 'x',
          codeVerifier: c.password.value,
        }),
    }
    for (const [name, attempt] of Object.entries(attempts)) {
      let thrown: unknown
      try {
        attempt()
      } catch (error) {
        thrown = error
      }
      expect([name, thrown instanceof TypeError || (thrown as Error)?.name]).toEqual([name, true])
      expect(found({ [name]: thrown }, all)).toEqual([])
    }
  })

  test('by the AuthErrors of requests', async () => {
    const { c, all } = everyCredential()
    const bad = (one: Canary) => () => `${one.value}\n`
    const attempts: Record<string, [code: string, interceptor: ReturnType<typeof basicAuth>, url?: string]> =
      {
        'a password of a function': [
          'ERR_AUTH_CREDENTIALS',
          basicAuth({ username: 'x', password: bad(c.password) }),
        ],
        'a user-id of a function': [
          'ERR_AUTH_CREDENTIALS',
          basicAuth({ username: bad(c.username), password: 'x' }),
        ],
        'a key of a function': [
          'ERR_AUTH_CREDENTIALS',
          apiKeyAuth({ name: 'key', value: async () => bad(c.header)() }),
        ],
        'a key that is no text': [
          'ERR_AUTH_CREDENTIALS',
          apiKeyAuth({ name: 'key', value: () => [c.header.value] as never }),
        ],
        'a token of a function': ['ERR_AUTH_TOKEN_RESPONSE', bearerAuth(bad(c.fetched))],
        'a token for a cookie': [
          'ERR_AUTH_TOKEN_RESPONSE',
          bearerAuth(() => `${c.fetched.value};`, { in: 'cookie', name: 'sid' }),
        ],
        'a token that is bound to a key': [
          'ERR_AUTH_TOKEN_RESPONSE',
          bearerAuth(() => ({
            access_token: c.fetched.value,
            token_type: 'DPoP',
            refresh_token: c.refresh.value,
          })),
        ],
        'a token for plain http': ['ERR_AUTH_ORIGIN', bearerAuth(c.fixed.value), 'http://api.example.com/'],
        'a function that decides about origins': [
          'ERR_AUTH_ORIGIN',
          bearerAuth(c.fixed.value, { origins: () => c.fixed.value as never }),
        ],
        'a refresh token of a function': [
          'ERR_AUTH_CREDENTIALS',
          bearerAuth(refreshToken(axios.create(), { url: '/', refreshToken: bad(c.refresh) })),
        ],
      }
    for (const [name, [code, interceptor, url]] of Object.entries(attempts)) {
      const api = axios.create({ adapter: ownAdapter })
      api.interceptors.request.use(interceptor)
      const error = await outcomeOf(
        api.get(url ?? 'https://api.example.com/', { baseURL: url ?? 'https://api.example.com' }),
      )
      expect([name, (error as AxiosError).code]).toEqual([name, code])
      expect(found(parted(name, error), all)).toEqual([])
    }
  })
})
