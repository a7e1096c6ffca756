import { setImmediate as turn } from 'node:timers/promises'
import axios, {
  AxiosError,
  type AxiosInstance,
  type AxiosResponse,
  type InternalAxiosRequestConfig,
} from 'axios'
import {
  bearerAuth,
  type FetchToken,
  type RefreshTokenOptions,
  refreshToken,
  renewWith,
  type TokenEvent,
  tokenSource,
} from '#lib'
import { failureOf } from './support/auth-failure'
import { startServer } from './support/servers'
import { deferred } from './support/token-series'

type Handler = Parameters<typeof startServer>[0]

// With a life of 600 s and no jitter: renewal is due from 450 s on, and the token is over from 600 s on.
const DUE = 450_000
const OVER = 600_000
const LOST =
  /The answer to this refresh is lost: if the issuer has replaced the refresh token, the grant is dead/
const DEAD =
  /The answer to an earlier refresh was lost, and the new refresh token with it: a new login is needed/

/**
 * An issuer whose n-th answer brings `token-<n>` and, if it rotates, `r<n>`, which is good once. `lose()`: from then on
 * it takes requests, deals with them, and ends the connection without an answer; `answer()`: no longer.
 */
async function startIssuer({ rotates = true, lost }: { rotates?: boolean; lost?: Handler } = {}) {
  let good = 'r0'
  let count = 0
  let isLosing = false
  const used: (string | null)[] = []
  const server = await startServer((request, response, body) => {
    const form = new URLSearchParams(body.toString())
    if (request.url === '/login') good = 'from-login'
    else {
      used.push(form.get('refresh_token'))
      if (form.get('refresh_token') !== good) {
        response.writeHead(400, { 'content-type': 'application/json' }).end('{"error":"invalid_grant"}')
        return
      }
      if (rotates) good = `r${count + 1}`
    }
    count += 1
    if (isLosing) return lost ? lost(request, response, body) : request.socket.destroy()
    response.setHeader('content-type', 'application/json')
    response.end(
      JSON.stringify({
        access_token: `token-${count}`,
        expires_in: 600,
        ...((rotates || request.url === '/login') && { refresh_token: good }),
      }),
    )
  })
  return {
    url: server.url,
    requests: server.requests,
    /** The refresh tokens that it was sent. */
    used,
    lose: () => (isLosing = true),
    answer: () => (isLosing = false),
    stopRotating: () => (rotates = false),
    /** What was lost had never been dealt with. */
    forget: (refreshToken: string) => (good = refreshToken),
  }
}

type Issuer = Awaited<ReturnType<typeof startIssuer>>

/** A source on a clock of the test's own, which tells how each of its fetches ended. */
function setUp(
  url: string,
  options: Partial<RefreshTokenOptions> = {},
  fetchOf: (refresh: FetchToken, client: AxiosInstance) => FetchToken = (refresh) => refresh,
) {
  let now = 0
  let ended = deferred<TokenEvent>()
  const client = axios.create({ baseURL: url })
  const refresh = refreshToken(client, { url: '/token', refreshToken: 'r0', ...options })
  const source = tokenSource(fetchOf(refresh, client), {
    now: () => now,
    random: () => 0.5,
    onEvent(event) {
      if (event.type === 'failed' || event.type === 'fetched') ended.resolve(event)
    },
  })
  /** Uses the held token when its renewal is due, and waits for that. */
  async function renewedBehind(): Promise<TokenEvent> {
    ended = deferred()
    expect(source.current()).toBeDefined()
    const event = await ended.promise
    // Whoever asks at this very moment would still join it.
    await turn()
    return event
  }
  return { client, source, renewedBehind, pass: (milliseconds: number) => (now += milliseconds) }
}

/** A token is held whose renewal is due, and the answer to a first renewal behind it was lost. */
async function afterLoss(
  issuer: Issuer,
  options?: Partial<RefreshTokenOptions>,
  fetchOf?: Parameters<typeof setUp>[2],
) {
  const use = setUp(issuer.url, options, fetchOf)
  await use.source.get()
  issuer.lose()
  use.pass(DUE)
  expect(await use.renewedBehind()).toMatchObject({ type: 'failed', reason: 'stale', isServing: true })
  issuer.answer()
  return use
}

test('a refresh whose answer is lost says that the grant may be dead', async () => {
  const issuer = await startIssuer()
  const { source } = setUp(issuer.url)
  issuer.lose()
  const failure = await failureOf(source.get())
  expect(failure.message).toMatch(LOST)
  expect(failure).toMatchObject({ code: 'ERR_AUTH_TOKEN_REQUEST', cause: { code: 'ECONNRESET' } })
  expect(failure.status).toBeUndefined()
  expect(issuer.used).toEqual(['r0'])
})

test('while the held token still works no further refresh is sent, and requests go on', async () => {
  const issuer = await startIssuer()
  const { source, renewedBehind, pass } = await afterLoss(issuer)
  const api = axios.create({ baseURL: issuer.url })
  api.interceptors.request.use(bearerAuth(source))
  for (let time = 0; time < 3; time += 1) {
    pass(30_000)
    const [ended] = await Promise.all([renewedBehind(), source.get()])
    expect(ended).toMatchObject({ type: 'failed', reason: 'stale', code: 'ERR_AUTH_TOKEN_REQUEST' })
  }
  expect(issuer.used).toEqual(['r0', 'r1'])
  expect(source.current()?.value).toBe('token-1')
})

test('when nothing is left to lose it is tried once more, and a refusal says that a new login is needed', async () => {
  const issuer = await startIssuer()
  const { source, pass } = await afterLoss(issuer)
  pass(OVER - DUE)
  const failure = await failureOf(source.get())
  expect(failure.message).toMatch(DEAD)
  expect(failure).toMatchObject({ code: 'ERR_AUTH_TOKEN_REQUEST', status: 400, error: 'invalid_grant' })
  expect(issuer.used).toEqual(['r0', 'r1', 'r1'])
})

test('a token that the API refuses is nothing to lose, either', async () => {
  const issuer = await startIssuer()
  const { source } = await afterLoss(issuer)
  const token = source.current()
  expect(token && source.reject(token)).toBe(true)
  expect((await failureOf(source.get())).message).toMatch(DEAD)
  expect(issuer.used).toEqual(['r0', 'r1', 'r1'])
})

test('where the issuer has not dealt with what was lost, all goes on as before', async () => {
  const issuer = await startIssuer()
  const { source, renewedBehind, pass } = await afterLoss(issuer)
  issuer.forget('r1')
  pass(OVER - DUE)
  expect((await source.get()).value).toBe('token-3')
  pass(DUE)
  expect(await renewedBehind()).toMatchObject({ type: 'fetched', reason: 'stale' })
  expect(issuer.used).toEqual(['r0', 'r1', 'r1', 'r3'])
})

test('where that try is answered without a new refresh token, the old one is no longer in doubt', async () => {
  const issuer = await startIssuer()
  const { source, renewedBehind, pass } = await afterLoss(issuer)
  issuer.forget('r1')
  issuer.stopRotating()
  pass(OVER - DUE)
  await source.get()
  pass(DUE)
  expect(await renewedBehind()).toMatchObject({ type: 'fetched', reason: 'stale' })
  expect(issuer.used).toEqual(['r0', 'r1', 'r1', 'r1'])
})

test('that try may be lost, too, and says the same again', async () => {
  const issuer = await startIssuer()
  const { source, pass } = await afterLoss(issuer)
  issuer.forget('r1')
  issuer.lose()
  pass(OVER - DUE)
  expect((await failureOf(source.get())).message).toMatch(LOST)
  expect(issuer.used).toEqual(['r0', 'r1', 'r1'])
})

test('a refresh token that was never in doubt is refused without a word of it', async () => {
  const issuer = await startIssuer()
  issuer.forget('another')
  const failure = await failureOf(setUp(issuer.url).source.get())
  expect(failure.message).toBe('The token request failed with status 400, invalid_grant')
})

test('what a store says anew ends the doubt', async () => {
  const issuer = await startIssuer()
  let stored = 'r0'
  const { renewedBehind, pass } = await afterLoss(issuer, { refreshToken: () => stored })
  stored = 'of-another-process'
  issuer.forget(stored)
  pass(10_000)
  expect(await renewedBehind()).toMatchObject({ type: 'fetched', reason: 'stale' })
  expect(issuer.used).toEqual(['r0', 'r1', 'of-another-process'])
})

test('an issuer that leaves the refresh token as it is, is not in doubt: it is asked again', async () => {
  const issuer = await startIssuer({ rotates: false })
  const { source, renewedBehind, pass } = await afterLoss(issuer)
  pass(10_000)
  expect(await renewedBehind()).toMatchObject({ type: 'fetched', reason: 'stale' })
  expect(issuer.used).toEqual(['r0', 'r0', 'r0'])
  issuer.lose()
  pass(600_000)
  expect((await failureOf(source.get())).message).not.toMatch(LOST)
})

test('nor is one that sends it again each time as it is', async () => {
  const answer = (_: unknown, response: Parameters<Handler>[1]): void => {
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ access_token: 'token', expires_in: 600, refresh_token: 'r0' }))
  }
  let isLosing = false
  const server = await startServer((request, response) =>
    isLosing ? request.socket.destroy() : answer(request, response),
  )
  const { source, renewedBehind, pass } = setUp(server.url)
  await source.get()
  isLosing = true
  pass(DUE)
  expect(await renewedBehind()).toMatchObject({ type: 'failed' })
  isLosing = false
  pass(10_000)
  expect(await renewedBehind()).toMatchObject({ type: 'fetched' })
  expect(server.requests).toHaveLength(3)
})

test('a login follows when the grant turns out to be dead, but not while that is in doubt', async () => {
  const issuer = await startIssuer()
  const login =
    (client: AxiosInstance): FetchToken =>
    async () =>
      (await client.post('/login')).data
  const { source, renewedBehind, pass } = await afterLoss(
    issuer,
    { refreshToken: undefined },
    (refresh, client) => renewWith(refresh, login(client)),
  )
  pass(10_000)
  expect(await renewedBehind()).toMatchObject({ type: 'failed', reason: 'stale' })
  expect(issuer.requests.map(({ url }) => url)).toEqual(['/login', '/token'])
  pass(OVER - DUE)
  expect((await source.get()).value).toBe('token-3')
  expect(issuer.requests.map(({ url }) => url)).toEqual(['/login', '/token', '/token', '/login'])
})

test('an issuer that cannot be reached has lost nothing: the next renewal asks it again', async () => {
  const issuer = await startIssuer()
  const gone = await startServer(() => undefined)
  await gone.close()
  const { client, source, renewedBehind, pass } = setUp(issuer.url)
  await source.get()
  client.defaults.baseURL = gone.url
  pass(DUE)
  expect(await renewedBehind()).toMatchObject({ type: 'failed', reason: 'stale' })
  client.defaults.baseURL = issuer.url
  pass(10_000)
  expect(await renewedBehind()).toMatchObject({ type: 'fetched', reason: 'stale' })
  expect(issuer.used).toEqual(['r0', 'r1'])
  client.defaults.baseURL = gone.url
  pass(600_000)
  const failure = await failureOf(source.get())
  expect(failure.message).not.toMatch(LOST)
  expect(failure).toMatchObject({ cause: { code: 'ECONNREFUSED' } })
})

test('an answer that came is not lost, whatever its status', async () => {
  const issuer = await startIssuer({ lost: (_, response) => response.writeHead(503).end() })
  const { renewedBehind, pass } = await afterLoss(issuer)
  issuer.forget('r1')
  pass(10_000)
  expect(await renewedBehind()).toMatchObject({ type: 'fetched', reason: 'stale' })
})

test.each([
  ['a page', '<p>sorry</p>'],
  ['half of its JSON', '{"access_token":"tok'],
])('of a success that is %s the new refresh token is lost as well', async (_, body) => {
  const issuer = await startIssuer({
    lost: (_, response) => response.setHeader('content-type', 'application/json').end(body),
  })
  const { source } = setUp(issuer.url)
  issuer.lose()
  expect((await failureOf(source.get())).message).toMatch(LOST)
})

test('what is wrong with the client is no word about the grant', async () => {
  const issuer = await startIssuer()
  const { source, client, pass } = await afterLoss(issuer)
  client.interceptors.request.use((config) => ({
    ...config,
    adapter: (sent) =>
      Promise.reject(new AxiosError('no', 'ERR_BAD_REQUEST', sent, null, invalidClient(sent))),
  }))
  pass(OVER - DUE)
  const failure = await failureOf(source.get())
  expect(failure).toMatchObject({ status: 401, error: 'invalid_client' })
  expect(failure.message).not.toMatch(DEAD)
})

const invalidClient = (config: InternalAxiosRequestConfig): AxiosResponse => ({
  config,
  status: 401,
  statusText: '',
  headers: {},
  data: { error: 'invalid_client' },
})

test('a fetch that was ended by clear() may have spent its refresh token: its refusal says so', async () => {
  const arrived = deferred()
  const issuer = await startIssuer({ lost: () => arrived.resolve() })
  const { source } = setUp(issuer.url)
  issuer.lose()
  const waiting = failureOf(source.get())
  await arrived.promise
  source.clear()
  expect((await waiting).code).toBe('ERR_AUTH_TOKEN_CLEARED')
  issuer.answer()
  expect((await failureOf(source.get())).message).toMatch(DEAD)
})

test('a renewal that waits for its turn does not send what was given up before it', async () => {
  const issuer = await startIssuer({ lost: () => undefined })
  let now = 0
  const client = axios.create({ baseURL: issuer.url })
  const failures: string[] = []
  const failedTwice = deferred()
  const refresh = refreshToken(client, { url: '/token', refreshToken: 'r0' })
  const source = tokenSource(refresh, {
    now: () => now,
    random: () => 0.5,
    timeout: 200,
    key: ({ url }) => url ?? '',
    onEvent(event) {
      if (event.type === 'failed' && failures.push(event.code) === 2) failedTwice.resolve()
    },
  })
  await source.get({ url: 'a' })
  await source.get({ url: 'b' })
  issuer.lose()
  now = DUE
  source.current({ url: 'a' })
  source.current({ url: 'b' })
  await failedTwice.promise
  expect(issuer.used).toEqual(['r0', 'r1', 'r2'])
})

test('the doubts about several refresh tokens are kept apart', async () => {
  const server = await startServer((request, response, body) => {
    const used = new URLSearchParams(body.toString()).get('refresh_token') ?? ''
    if (used.startsWith('a')) return request.socket.destroy()
    response.setHeader('content-type', 'application/json')
    return response.end(JSON.stringify({ access_token: 'token', expires_in: 600, refresh_token: `${used}+` }))
  })
  let now = 0
  let ended = deferred<TokenEvent>()
  const client = axios.create({ baseURL: server.url })
  const login: FetchToken = ({ key }) => ({
    access_token: `from-login-${key}`,
    expires_in: 600,
    refresh_token: key,
  })
  const source = tokenSource(renewWith(refreshToken(client, { url: '/token' }), login), {
    now: () => now,
    random: () => 0.5,
    key: ({ url }) => url ?? '',
    onEvent(event) {
      if (event.type === 'failed' || event.type === 'fetched') ended.resolve(event)
    },
  })
  const renewed = async (url: string): Promise<TokenEvent> => {
    ended = deferred()
    source.current({ url })
    const event = await ended.promise
    await turn()
    return event
  }
  await source.get({ url: 'a' })
  await source.get({ url: 'b' })
  now = DUE
  expect(await renewed('a')).toMatchObject({ type: 'failed' })
  expect(await renewed('b')).toMatchObject({ type: 'fetched' })
  now += 10_000
  expect(await renewed('a')).toMatchObject({ type: 'failed' })
  expect(
    server.requests.map(({ body }) => new URLSearchParams(body.toString()).get('refresh_token')),
  ).toEqual(['a', 'b'])
})

test('its error shows neither the refresh token nor the secret of the client', async () => {
  const issuer = await startIssuer()
  const { source } = setUp(issuer.url, { clientId: 'id', clientSecret: 'fake-secret' })
  issuer.lose()
  const failure = await failureOf(source.get())
  expect(`${failure.stack} ${JSON.stringify(failure)} ${JSON.stringify(failure.cause)}`).not.toMatch(
    /fake-secret|"r0"|=r0/,
  )
})
