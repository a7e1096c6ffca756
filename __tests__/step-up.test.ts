import { Readable } from 'node:stream'
import axios, { type AxiosError } from 'axios'
import {
  type AuthError,
  bearerAuth,
  type FetchContext,
  type TokenEvent,
  type TokenParameters,
  type TokenResult,
  type TokenSourceOptions,
  tokenSource,
} from '#lib'
import { startServer } from './support/servers'
import { type Deferred, deferred } from './support/token-series'

const LACKS_B = 'Bearer error="insufficient_scope", scope="b"'
const hasB = ({ scope = '' }: TokenParameters): boolean => String(scope).split(' ').includes('b')

/** What each fetch asked for, and the token that it brought: `fake-1`, `fake-2`, ... */
function parameterIssuer(
  answer: (token: string, context: FetchContext) => TokenResult | Promise<TokenResult>,
) {
  const contexts: FetchContext[] = []
  return {
    contexts,
    asked: () => contexts.map(({ parameters }) => parameters),
    fetch(context: FetchContext): TokenResult | Promise<TokenResult> {
      contexts.push(context)
      return answer(`fake-${contexts.length}`, context)
    },
    /** What a token was asked for with; undefined if it is none of ours. */
    describe: (authorization = ''): TokenParameters | undefined =>
      contexts[Number(/^Bearer fake-(\d+)$/.exec(authorization)?.[1]) - 1]?.parameters,
  }
}

interface SetUp extends Pick<TokenSourceOptions, 'key' | 'now'> {
  readonly adapter?: string
  readonly stepUp?: boolean
  /** Of a refusal. */
  readonly status?: number
  readonly challenge?: string | string[]
  readonly isEnough?: (token: TokenParameters, authorization: string | undefined) => boolean
  readonly answer?: (token: string, context: FetchContext) => TokenResult | Promise<TokenResult>
}

/** An API that takes a token only if it was asked for with enough, and an instance that uses it. */
async function setUp({
  adapter = 'http',
  stepUp = true,
  status = 403,
  challenge = LACKS_B,
  isEnough = hasB,
  answer = (token) => token,
  key,
  now,
}: SetUp = {}) {
  const issuer = parameterIssuer(answer)
  const server = await startServer(({ headers, url }, response) => {
    const token = issuer.describe(headers.authorization)
    if (token && (url === '/plain' || isEnough(token, headers.authorization))) response.end('served')
    else response.writeHead(status, { 'www-authenticate': challenge }).end(`refusal ${sent().length}`)
  })
  const sent = (): (string | undefined)[] => server.requests.map(({ headers }) => headers.authorization)
  const events: TokenEvent[] = []
  const source = tokenSource(issuer.fetch, {
    random: () => 0.5,
    key,
    now,
    onEvent: (event) => events.push(event),
  })
  const api = axios.create({ baseURL: server.url, adapter })
  api.interceptors.request.use(bearerAuth(source, { stepUp }))
  return { issuer, server, sent, source, events, api }
}

const failureOf = (request: Promise<unknown>): Promise<AxiosError> =>
  request.then(
    () => Promise.reject(new Error('it was served')),
    (error: unknown) => error as AxiosError,
  )

/** No test may leave a fetch behind. */
const pending: Deferred<string>[] = []
const held = (): Deferred<string> => {
  const token = deferred<string>()
  pending.push(token)
  return token
}
afterEach(() => {
  for (const token of pending.splice(0)) token.resolve('fake-late')
})

describe.each(['http', 'fetch'])('over the %s adapter', (adapter) => {
  test('a 403 that names a scope is answered with a token that has it, and my request is served', async () => {
    const { issuer, sent, api } = await setUp({ adapter })
    const { status, data } = await api.post('/things', { a: 1 })
    expect([status, data]).toEqual([200, 'served'])
    expect(issuer.asked()).toEqual([{}, { scope: 'b' }])
    expect(sent()).toEqual(['Bearer fake-1', 'Bearer fake-2'])
  })

  test('without stepUp the 403 is handed over and nothing more is fetched', async () => {
    const { issuer, sent, api } = await setUp({ adapter, stepUp: false })
    expect(await failureOf(api.get('/things'))).toMatchObject({
      response: { status: 403, data: 'refusal 1' },
    })
    expect([issuer.asked(), sent()]).toEqual([[{}], ['Bearer fake-1']])
  })

  test('when the new token is refused in the same way I get the second 403, and nothing loops', async () => {
    const { issuer, sent, api } = await setUp({ adapter, isEnough: () => false })
    expect(await failureOf(api.get('/things'))).toMatchObject({
      response: { status: 403, data: 'refusal 2' },
    })
    expect([issuer.contexts.length, sent().length]).toEqual([2, 2])
  })

  test('a stream is not sent again, and nothing is fetched for it', async () => {
    const { issuer, server, api } = await setUp({ adapter })
    const body = Readable.from(['once'])
    const error = await failureOf(api.post('/things', body, { maxRedirects: 0 }))
    expect(error).toMatchObject({ response: { status: 403 } })
    expect([issuer.asked(), server.requests.length]).toEqual([[{}], 1])
  })
})

test('a refusal is judged once, with stepUp, too', async () => {
  const server = await startServer((_, response) => response.writeHead(401).end())
  const api = axios.create({ baseURL: server.url })
  const isRejected = jest.fn(({ status }: { status: number }) => status === 401)
  let calls = 0
  api.interceptors.request.use(bearerAuth(() => `fake-${++calls}`, { stepUp: true, isRejected }))
  await failureOf(api.get('/things'))
  expect([server.requests.length, isRejected.mock.calls.length]).toEqual([2, 1])
})

describe('the stepped-up token', () => {
  test('is held: the next such request takes the plain token first, then this one, without a fetch', async () => {
    const { issuer, sent, api } = await setUp()
    await api.get('/things')
    await api.get('/things')
    expect(sent()).toEqual(['Bearer fake-1', 'Bearer fake-2', 'Bearer fake-1', 'Bearer fake-2'])
    expect(issuer.contexts).toHaveLength(2)
  })

  test('leaves the plain one as it is: requests that need no more go on with that', async () => {
    const { sent, api } = await setUp()
    await api.get('/things')
    await api.get('/plain')
    expect(sent().at(-1)).toBe('Bearer fake-1')
  })

  test('is fetched once for a hundred requests that lack the same at the same time', async () => {
    const { issuer, api } = await setUp()
    const answers = await Promise.all(Array.from({ length: 100 }, () => api.get('/things')))
    expect(answers.map(({ data }) => data)).toEqual(Array.from({ length: 100 }, () => 'served'))
    expect(issuer.asked()).toEqual([{}, { scope: 'b' }])
  })

  test('is fetched beside a renewal of the plain one that is under way', async () => {
    const renewal = held()
    const { issuer, source, api } = await setUp({
      answer: (token, { reason }) => (reason === 'manual' ? renewal.promise : token),
    })
    await api.get('/plain')
    const renewed = source.renew()
    expect((await api.get('/things')).data).toBe('served')
    expect(issuer.contexts.map(({ reason }) => reason)).toEqual(['cold', 'manual', 'cold'])
    renewal.resolve('fake-2')
    expect((await renewed).value).toBe('fake-2')
  })

  test('does not hold up a plain one that is needed while it is fetched', async () => {
    const strong = held()
    const asked = deferred()
    const { issuer, source, api } = await setUp({
      answer(token, { parameters }) {
        if (!parameters.scope) return token
        asked.resolve()
        return strong.promise
      },
    })
    const waiting = api.get('/things')
    await asked.promise
    expect((await source.renew()).value).toBe('fake-3')
    expect((await api.get('/plain')).data).toBe('served')
    strong.resolve('fake-2')
    expect((await waiting).data).toBe('served')
    expect(issuer.asked()).toEqual([{}, { scope: 'b' }, {}])
  })

  test('is held no longer than max_age allows, however long it lives', async () => {
    let now = 0
    const { issuer, source, sent, api } = await setUp({
      now: () => now,
      status: 401,
      challenge: 'Bearer error="insufficient_user_authentication", max_age="100"',
      isEnough: ({ max_age }) => max_age === '100',
      answer: (value) => ({ value, expiresIn: 3600 }),
    })
    await api.get('/things')
    expect(source.inspect()).toMatchObject([
      { key: '', expiresAt: 3_600_000 },
      { key: '?max_age=100', expiresAt: 100_000 },
    ])
    // 90 s: its life less the leeway, a tenth of it.
    now = 74_000
    await api.get('/things')
    expect(issuer.contexts).toHaveLength(2)
    now = 90_000
    await api.get('/things')
    expect(issuer.asked()).toEqual([{}, { max_age: '100' }, { max_age: '100' }])
    expect(sent().at(-1)).toBe('Bearer fake-3')
  })

  test('of no known life is over with its max_age, too', async () => {
    let now = 0
    const { issuer, source } = await setUp({ now: () => now })
    const demand = { authenticate: { max_age: 10 } }
    await source.get(demand)
    now = 10_000
    expect(source.current(demand)).toBeUndefined()
    await source.get(demand)
    expect(issuer.contexts.map(({ reason }) => reason)).toEqual(['cold', 'expired'])
  })

  test('of max_age 0 serves the request that asked for it, and no other', async () => {
    const { issuer, api } = await setUp({
      challenge: 'Bearer error="insufficient_user_authentication", max_age="0"',
      isEnough: ({ max_age }) => max_age === '0',
    })
    await api.get('/things')
    await api.get('/things')
    expect(issuer.asked()).toEqual([{}, { max_age: '0' }, { max_age: '0' }])
  })

  test('cannot be had: the 403 is handed over, and its cause says why', async () => {
    const { sent, api } = await setUp({
      answer(token, { parameters }) {
        if (parameters.scope) throw new Error('this user may not')
        return token
      },
    })
    const error = await failureOf(api.get('/things'))
    expect(error.response).toMatchObject({ status: 403, data: 'refusal 1' })
    const cause = error.cause as unknown as AuthError
    expect([cause.code, cause.message]).toEqual([
      'ERR_AUTH_TOKEN_REQUEST',
      'The token could not be fetched: this user may not',
    ])
    expect(sent()).toEqual(['Bearer fake-1'])
  })

  test('is told of in events, under its own key', async () => {
    const { events, api } = await setUp()
    await api.get('/things')
    expect(events.map((event) => `${event.type} ${'key' in event ? event.key : ''}`)).toEqual([
      'fetching ',
      'fetched ',
      'fetching ?scope=b',
      'fetched ?scope=b',
    ])
  })
})

describe('what a challenge asks for', () => {
  const CLAIMS = '{"access_token":{"nbf":{"essential":true,"value":"1700000000"}},"ü":"??>>"}'
  const base64 = Buffer.from(CLAIMS).toString('base64')
  const base64url = Buffer.from(CLAIMS).toString('base64url')

  test.each<[what: string, challenge: string | string[], status: number, parameters: TokenParameters]>([
    ['a scope with a 403', LACKS_B, 403, { scope: 'b' }],
    ['a scope with a 401', LACKS_B, 401, { scope: 'b' }],
    ['several scopes', 'Bearer error=insufficient_scope, scope="b  c b"', 403, { scope: 'b c' }],
    [
      'a stronger and newer authentication (RFC 9470)',
      'Bearer error="insufficient_user_authentication", error_description="A different authentication level is required", acr_values="myACR", max_age="5"',
      401,
      { acr_values: 'myACR', max_age: '5' },
    ],
    [
      'a stronger authentication alone',
      'Bearer error="insufficient_user_authentication", acr_values="a b"',
      401,
      { acr_values: 'a b' },
    ],
    [
      'claims (continuous access evaluation)',
      `Bearer realm="", authorization_uri="https://login.example/authorize", error="insufficient_claims", claims="${base64}"`,
      401,
      { claims: CLAIMS },
    ],
    [
      'claims in base64url',
      `Bearer error="insufficient_claims", claims="${base64url}"`,
      401,
      { claims: CLAIMS },
    ],
    ['claims in no base64', 'Bearer error="insufficient_claims", claims="a{}"', 401, { claims: 'a{}' }],
    ['a scope, behind another challenge in one line', `Basic realm="a, b", ${LACKS_B}`, 403, { scope: 'b' }],
    ['a scope, before another challenge in one line', `${LACKS_B}, Negotiate`, 403, { scope: 'b' }],
    ['a scope, in a line of its own', ['Basic realm="x"', LACKS_B], 403, { scope: 'b' }],
    [
      'a scope, behind another challenge of Bearer',
      `Bearer error="insufficient_scope", ${LACKS_B}`,
      403,
      { scope: 'b' },
    ],
  ])('is asked of the issuer: %s', async (_, challenge, status, parameters) => {
    const isEnough = (token: TokenParameters): boolean => Object.keys(token).length > 0
    const { issuer, api } = await setUp({ challenge, status, isEnough })
    expect((await api.get('/things')).status).toBe(200)
    expect(issuer.asked()).toEqual([{}, parameters])
  })

  test.each<[what: string, challenge: string | string[], status: number]>([
    ['a scope that is not named', 'Bearer error="insufficient_scope"', 403],
    ['a scope that is empty', 'Bearer error="insufficient_scope", scope=""', 403],
    ['a scope that is not named, with a 401', 'Bearer error="insufficient_scope"', 401],
    ['an authentication of no known kind', 'Bearer error="insufficient_user_authentication"', 401],
    ['a scope with another error', 'Bearer error="invalid_request", scope="b"', 403],
    ['a scope without an error', 'Bearer scope="b"', 403],
    ['a scope with a status that is no refusal', LACKS_B, 400],
    ['a scope with a failure of the server', LACKS_B, 503],
  ])('is handed over, and nothing is fetched: %s', async (_, challenge, status) => {
    const { issuer, sent, api } = await setUp({ challenge, status })
    expect(await failureOf(api.get('/things'))).toMatchObject({ response: { status } })
    expect([issuer.asked(), sent()]).toEqual([[{}], ['Bearer fake-1']])
  })

  test('is not in a plain 401: the token is replaced then, also with stepUp', async () => {
    const { issuer, source, api } = await setUp({
      status: 401,
      challenge: 'Bearer error="invalid_token"',
      isEnough: (_, authorization) => authorization !== 'Bearer fake-1',
    })
    await api.get('/things')
    expect(issuer.contexts.map(({ reason }) => reason)).toEqual(['cold', 'rejected'])
    expect(source.inspect()).toHaveLength(1)
  })

  test('is added to what my request asks for itself', async () => {
    const { issuer, api } = await setUp()
    await api.get('/things', { authenticate: { scope: 'a', acr_values: 'strong' } })
    expect(issuer.asked()).toEqual([
      { scope: 'a', acr_values: 'strong' },
      { scope: 'a b', acr_values: 'strong' },
    ])
  })

  test('comes after a 401 that had its replay: there is one replay in all', async () => {
    const issuer = parameterIssuer((token) => token)
    const server = await startServer((_, response) => {
      const isFirst = server.requests.length === 1
      response.writeHead(isFirst ? 401 : 403, { 'www-authenticate': isFirst ? 'Bearer' : LACKS_B }).end()
    })
    const api = axios.create({ baseURL: server.url })
    api.interceptors.request.use(bearerAuth(issuer.fetch, { stepUp: true }))
    expect(await failureOf(api.get('/things'))).toMatchObject({ response: { status: 403 } })
    expect([server.requests.length, issuer.asked()]).toEqual([2, [{}, {}]])
  })

  test('cannot be had with a fixed token', async () => {
    const server = await startServer((_, response) =>
      response.writeHead(403, { 'www-authenticate': LACKS_B }).end(),
    )
    const api = axios.create({ baseURL: server.url })
    api.interceptors.request.use(bearerAuth('fake-fixed', { stepUp: true }))
    expect(await failureOf(api.get('/things'))).toMatchObject({ response: { status: 403 } })
    expect(server.requests).toHaveLength(1)
  })

  test('is also seen where validateStatus lets the refusal resolve', async () => {
    const { api } = await setUp()
    expect((await api.get('/things', { validateStatus: () => true })).data).toBe('served')
  })
})

describe('what one request asks of its token', () => {
  test('is asked of the issuer, and that token is held apart from the plain one', async () => {
    const { issuer, sent, api } = await setUp({ stepUp: false })
    const authenticate = { scope: 'b', acr_values: 'strong', max_age: 60, claims: '{"a":1}' }
    await api.get('/plain')
    await api.get('/things', { authenticate })
    await api.get('/plain')
    await api.get('/things', { authenticate })
    expect(issuer.asked()).toEqual([{}, authenticate])
    expect(sent()).toEqual(['Bearer fake-1', 'Bearer fake-2', 'Bearer fake-1', 'Bearer fake-2'])
  })

  test('is the same in another order, and a number the same as its text', async () => {
    const { issuer, api } = await setUp()
    await api.get('/plain', { authenticate: { scope: 'b', max_age: 60 } })
    await api.get('/plain', { authenticate: { max_age: '60', acr_values: undefined, scope: 'b' } })
    expect(issuer.contexts).toHaveLength(1)
  })

  test('is nothing where no parameter is set: such a request has the plain token', async () => {
    const { issuer, api } = await setUp()
    await api.get('/plain')
    await api.get('/plain', { authenticate: {} })
    await api.get('/plain', { authenticate: { scope: undefined } })
    expect(issuer.contexts).toHaveLength(1)
  })

  test('may be set for a whole instance, and a request adds to it or does without a token', async () => {
    const { issuer, sent, api } = await setUp()
    Object.assign(api.defaults, { authenticate: { scope: 'b' } })
    await api.get('/things')
    await api.get('/things', { authenticate: { max_age: 60 } })
    await failureOf(api.get('/things', { authenticate: false }))
    expect(issuer.asked()).toEqual([{ scope: 'b' }, { scope: 'b', max_age: 60 }])
    expect(sent()).toEqual(['Bearer fake-1', 'Bearer fake-2', undefined])
  })

  test('is part of the key that inspect() and events show, behind that of the source', async () => {
    const { issuer, events, source, api } = await setUp({ key: ({ url = '' }) => url.slice(1) })
    await api.get('/plain', { authenticate: { scope: 'b c', acr_values: 'x' } })
    await api.get('/plain')
    const key = 'plain ?acr_values=x&scope=b c'
    expect(source.inspect().map((slot) => slot.key)).toEqual([key, 'plain'])
    expect(events.map((event) => 'key' in event && event.key)).toEqual([key, key, 'plain', 'plain'])
    expect(issuer.contexts.map((context) => context.key)).toEqual(['plain', 'plain'])
  })

  test('is held apart for each key of the source', async () => {
    const { issuer, api } = await setUp({ key: ({ headers }) => String(headers?.['X-Tenant']) })
    const asking = (tenant: string) =>
      api.get('/things', { headers: { 'X-Tenant': tenant }, authenticate: { scope: 'b' } })
    await asking('acme')
    await asking('other')
    await asking('acme')
    expect(issuer.contexts.map(({ key, parameters }) => [key, parameters.scope])).toEqual([
      ['acme', 'b'],
      ['other', 'b'],
    ])
  })

  test('may be asked of a source by hand', async () => {
    const { source } = await setUp()
    const plain = await source.get()
    const strong = await source.get({ authenticate: { scope: 'b' } })
    expect([plain.value, strong.value]).toEqual(['fake-1', 'fake-2'])
    expect(source.current({ authenticate: { scope: 'b' } })).toBe(strong)
    expect(source.current()).toBe(plain)
    source.clear()
    expect(source.inspect()).toEqual([])
  })

  test('is refused with the names that there are, if it is another thing', async () => {
    const { api, server } = await setUp()
    for (const authenticate of [{ scopes: 'a' }, true, 'scope'])
      expect(await failureOf(api.get('/things', { authenticate: authenticate as never }))).toMatchObject({
        code: 'ERR_AUTH_CREDENTIALS',
        message: expect.stringMatching(/^`authenticate` must be false, or an object with scope, /),
      })
    expect(server.requests).toEqual([])
  })

  test('makes no difference to a fixed token', async () => {
    const server = await startServer((_, response) => response.end())
    const api = axios.create({ baseURL: server.url })
    api.interceptors.request.use(bearerAuth('fake-fixed'))
    await api.get('/things', { authenticate: { scope: 'b' } })
    expect(server.requests[0]?.headers.authorization).toBe('Bearer fake-fixed')
  })

  test('was not met by the token that is held: a 401 replaces that one alone', async () => {
    const { events, sent, api } = await setUp({
      status: 401,
      challenge: 'Bearer error="invalid_token"',
      isEnough: (_, authorization) => authorization !== 'Bearer fake-2',
    })
    await api.get('/plain')
    await api.get('/things', { authenticate: { scope: 'c' } })
    await api.get('/plain')
    expect(sent()).toEqual(['Bearer fake-1', 'Bearer fake-2', 'Bearer fake-3', 'Bearer fake-1'])
    expect(events).toContainEqual({ type: 'rejected', key: '?scope=c', token: 2 })
  })

  describe('is what the API says its token lacks', () => {
    const tooOld = {
      status: 401,
      challenge: 'Bearer error="insufficient_user_authentication", max_age="60"',
    }

    test('then it is too old, and is replaced', async () => {
      const { issuer, sent, api } = await setUp({
        ...tooOld,
        isEnough: (_, authorization) => authorization !== 'Bearer fake-1',
      })
      await api.get('/things', { authenticate: { max_age: 60 } })
      expect(issuer.contexts.map(({ reason, previous }) => [reason, previous?.value])).toEqual([
        ['cold', undefined],
        ['rejected', 'fake-1'],
      ])
      expect(sent()).toEqual(['Bearer fake-1', 'Bearer fake-2'])
    })

    test('but only once for one request', async () => {
      const { issuer, server, api } = await setUp({ ...tooOld, isEnough: () => false })
      expect(await failureOf(api.get('/things', { authenticate: { max_age: 60 } }))).toMatchObject({
        response: { status: 401, data: 'refusal 2' },
      })
      expect([issuer.contexts.length, server.requests.length]).toEqual([2, 2])
    })

    test('and not where tokens were refused too often: it is kept then', async () => {
      const { issuer, api, server } = await setUp({ ...tooOld, isEnough: () => false, now: () => 0 })
      for (let time = 0; time < 6; time += 1)
        await failureOf(api.get('/things', { authenticate: { max_age: 60 } }))
      expect(issuer.contexts).toHaveLength(5)
      expect(server.requests).toHaveLength(4 * 2 + 2)
    })

    test('and without stepUp the refusal is handed over', async () => {
      const { issuer, api } = await setUp({ ...tooOld, stepUp: false, isEnough: () => false })
      await failureOf(api.get('/things', { authenticate: { max_age: 60 } }))
      expect(issuer.contexts).toHaveLength(1)
    })
  })
})
