import { Agent } from 'node:http'
import { pathToFileURL } from 'node:url'
import axios, { type AxiosError, type AxiosRequestConfig, type AxiosResponse } from 'axios'
import {
  AuthError,
  bearerAuth,
  clientCredentials,
  type FetchToken,
  refreshToken,
  type TokenEvent,
  tokenSource,
} from '#lib'
import type * as FaultyProxies from './servers/faulty-proxy.mjs'
import { startProtectedApi, startServer } from './support/servers'
import { deferred } from './support/token-series'

// With a life of 600 s and no jitter: renewal is due from 450 s on, and the token counts as expired from 570 s on.
const DUE = 450_000
const EXPIRED = 570_000
const OVER = 600_000
/** Longer than a renewal waits after one failure. */
const PAUSE = 10_000
const MOST_BYTES = 2000
// Real time passes only where a timeout is what ends the wait.
const SHORT = 300
const LONG = 20_000

const proxies: FaultyProxies.FaultyProxy[] = []
async function startFaultyProxy(target: string): Promise<FaultyProxies.FaultyProxy> {
  const file = pathToFileURL(`${__dirname}/servers/faulty-proxy.mjs`).href
  const proxy = await (await nativeImport<typeof FaultyProxies>(file)).startFaultyProxy(target)
  proxies.push(proxy)
  return proxy
}

// Jest's sandbox has a process of its own, which never hears of unhandled rejections.
let real: NodeJS.Process
const unhandled: unknown[] = []
const note = (reason: unknown): unknown => unhandled.push(reason)
let quiet: { sockets: number; timers: number }
beforeAll(async () => {
  ;({ default: real } = await nativeImport<{ default: NodeJS.Process }>('node:process'))
  real.on('unhandledRejection', note)
  quiet = { sockets: active('TCP'), timers: active('Timeout') }
})
afterAll(() => real.off('unhandledRejection', note))
afterEach(async () => {
  await Promise.all(proxies.splice(0).map((proxy) => proxy.close()))
  await until('no socket is left', () => active('TCP') <= quiet.sockets)
  await until('no timer is left', () => active('Timeout') <= quiet.timers)
  expect(unhandled.splice(0)).toEqual([])
})

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))
const active = (kind: string): number =>
  real.getActiveResourcesInfo().filter((resource) => resource.startsWith(kind)).length

/** Waits for what must come to be, however busy the machine is. */
async function until(what: string, isSo: () => boolean, guard = LONG): Promise<void> {
  const deadline = Date.now() + guard
  while (!isSo()) {
    if (Date.now() > deadline) throw new Error(`Not so after ${guard} ms: ${what}`)
    await turn()
  }
}

type Adapter = 'http' | 'fetch'
interface Settings {
  readonly adapter: Adapter
  /** Refresh tokens instead of client credentials: each is good once. */
  readonly rotates: boolean
  /** Of the source. */
  readonly timeout: number
  readonly maxContentLength?: number
}

/** An issuer, an API, a proxy before each, and an instance whose clock is the test's. */
async function setUp({ adapter, rotates, timeout, maxContentLength = MOST_BYTES }: Settings) {
  const valid = new Set<string>()
  const shownTwice: string[] = []
  let count = 0
  let good = 'r0'
  const issuer = await startServer((_, response, body) => {
    const form = new URLSearchParams(body.toString())
    const shown = form.get('refresh_token')
    response.setHeader('content-type', 'application/json')
    // RFC 9700 section 4.14: who shows a spent refresh token loses the whole grant.
    if (rotates && shown !== good) {
      shownTwice.push(String(shown))
      valid.clear()
      return response.writeHead(400).end('{"error":"invalid_grant"}')
    }
    count += 1
    if (rotates) good = `r${count}`
    valid.add(`token-${count}`)
    return response.end(
      JSON.stringify({
        access_token: `token-${count}`,
        token_type: 'Bearer',
        expires_in: 600,
        ...(rotates && { refresh_token: good }),
      }),
    )
  })
  const api = await startProtectedApi({ isValid: (token) => token !== undefined && valid.has(token) })
  const before = { issuer: await startFaultyProxy(issuer.url), api: await startFaultyProxy(api.url) }

  const agent = new Agent({ keepAlive: true })
  const options = { adapter, httpAgent: agent, maxContentLength }
  const toIssuer = axios.create({ ...options, baseURL: before.issuer.url })
  const client = axios.create({ ...options, baseURL: before.api.url })

  let now = 0
  const settled = { fetches: 0, requests: 0 }
  const started = { fetches: 0, requests: 0 }
  let ended = deferred<TokenEvent>()
  let beforeFetch = (): Promise<void> | undefined => undefined
  const grant = rotates
    ? refreshToken(toIssuer, { url: '/token', refreshToken: 'r0' })
    : clientCredentials(toIssuer, { url: '/token' })
  const fetchToken: FetchToken = async (context) => {
    await beforeFetch()
    return grant(context)
  }
  const source = tokenSource(fetchToken, {
    timeout,
    now: () => now,
    random: () => 0.5,
    onEvent(event) {
      if (event.type === 'fetching') started.fetches += 1
      if (event.type !== 'failed' && event.type !== 'fetched') return
      settled.fetches += 1
      ended.resolve(event)
    },
  })
  client.interceptors.request.use(bearerAuth(source))
  client.interceptors.response.use(
    (response) => {
      settled.requests += 1
      return response
    },
    (error: unknown) => {
      settled.requests += 1
      throw error
    },
  )
  return {
    before,
    client,
    started,
    settled,
    shownTwice,
    revoke: () => valid.clear(),
    pass: (milliseconds: number) => (now += milliseconds),
    /** What happens just before the issuer is asked. */
    beforeFetch: (action: typeof beforeFetch) => (beforeFetch = action),
    request: (timeout = LONG) => {
      started.requests += 1
      return client.post('/things', { n: 1 }, { timeout })
    },
    /** Nothing is under way: no connection is kept that a fault has spoilt, no socket of the agent is in use, no timer runs. */
    clean: async (guard = LONG) => {
      const isIdle = (): boolean => Object.keys({ ...agent.sockets, ...agent.requests }).length === 0
      await until('no spoilt connection', () => before.issuer.damaged() + before.api.damaged() === 0, guard)
      await until('no socket in use', isIdle, guard)
      await until('no timer', () => active('Timeout') <= quiet.timers, guard)
    },
    /** The end of the next fetch. */
    nextFetch: () => {
      ended = deferred()
      return ended.promise
    },
  }
}
type World = Awaited<ReturnType<typeof setUp>>

/** What a caller got, in a word. */
async function outcomeOf(request: Promise<AxiosResponse>, guard = LONG): Promise<string> {
  const { promise: late, resolve } = deferred<string>()
  const timer = setTimeout(resolve, guard, 'nothing: it hangs')
  const outcome = await Promise.race([
    late,
    request.then(
      ({ status, data }) => (data.ok === true ? 'served' : `${status} with half a body`),
      (error: AxiosError) => {
        if (error instanceof AuthError) return error.code
        const { response, code, cause, message } = error
        const why = cause instanceof AuthError ? `, for ${cause.code}` : ''
        return response ? `${code} with status ${response.status}${why}` : (code ?? message)
      },
    ),
  ])
  clearTimeout(timer)
  return outcome
}

type Fault = FaultyProxies.Fault
/** These end only with a timeout. */
const ENDLESS: Fault[] = ['stall', 'stall after the headers', 'slow drip']
/** What the issuer has not dealt with, so that the refresh token is as good as before. */
const UNTOUCHED: Fault[] = ['refuse', 'bad gateway']

/** What the caller gets over http, and over fetch if that differs. */
type Outcome = string | readonly [http: string, fetch: string]

interface Operation {
  readonly at: 'issuer' | 'api'
  readonly rotates?: boolean
  readonly isBehind?: boolean
  /** The fault comes after the refused send: just before the token request. */
  readonly isLater?: boolean
  /** How many requests meet the fault, if not all. */
  readonly times?: number
  /** All that comes before the request that meets the fault. */
  prepare(world: World): unknown
  readonly outcomes: Record<Fault, Outcome>
}

const withTokenThat =
  (happens: (world: World) => unknown) =>
  async (world: World): Promise<void> => {
    expect(await nextOutcome(world)).toBe('served')
    happens(world)
  }
const holdsAToken = withTokenThat(() => undefined)
const isDue = withTokenThat(({ pass }) => pass(DUE))
const isExpired = withTokenThat(({ pass }) => pass(EXPIRED))
const isOver = withTokenThat(({ pass }) => pass(OVER))
const isRevoked = withTokenThat(({ revoke }) => revoke())

// What breaks off has a status over http, none over fetch. Too short a length is found out over http, not over fetch.
const noToken = (what: (code: string) => string): Record<Fault, Outcome> => ({
  refuse: what('ERR_AUTH_TOKEN_REQUEST'),
  'reset in mid-response': [what('ERR_AUTH_TOKEN_RESPONSE'), what('ERR_AUTH_TOKEN_REQUEST')],
  stall: what('ERR_AUTH_TOKEN_TIMEOUT'),
  'stall after the headers': what('ERR_AUTH_TOKEN_TIMEOUT'),
  truncate: [what('ERR_AUTH_TOKEN_RESPONSE'), what('ERR_AUTH_TOKEN_REQUEST')],
  'slow drip': what('ERR_AUTH_TOKEN_TIMEOUT'),
  garbage: what('ERR_AUTH_TOKEN_REQUEST'),
  'content-length too short': [what('ERR_AUTH_TOKEN_REQUEST'), what('ERR_AUTH_TOKEN_RESPONSE')],
  'gzip bomb': what('ERR_AUTH_TOKEN_REQUEST'),
  'bad gateway': what('ERR_AUTH_TOKEN_REQUEST'),
})

// As axios has them without us. 'terminated' is a TypeError of fetch, without a code.
const ofAxios: Record<Fault, Outcome> = {
  refuse: ['ECONNREFUSED', 'ERR_NETWORK'],
  'reset in mid-response': ['ERR_BAD_RESPONSE with status 200', 'terminated'],
  stall: ['ECONNABORTED', 'ETIMEDOUT'],
  // The first where axios follows redirects, the second where it need not.
  'stall after the headers': ['ERR_BAD_RESPONSE with status 200 or ECONNABORTED', 'ETIMEDOUT'],
  truncate: ['ERR_BAD_RESPONSE with status 200', 'terminated'],
  'slow drip': ['ECONNABORTED', 'ETIMEDOUT'],
  garbage: ['HPE_INVALID_CONSTANT', 'ERR_NETWORK'],
  'content-length too short': ['HPE_INVALID_CONSTANT', '200 with half a body'],
  'gzip bomb': 'ERR_BAD_RESPONSE',
  'bad gateway': 'ERR_BAD_RESPONSE with status 502',
}

const OPERATIONS: Record<string, Operation> = {
  'the first token request': { at: 'issuer', prepare: () => undefined, outcomes: noToken((code) => code) },
  'the token request shortly before the end of a token': {
    at: 'issuer',
    prepare: isExpired,
    outcomes: noToken(() => 'served'),
  },
  'the token request after the end of a token': {
    at: 'issuer',
    prepare: isOver,
    outcomes: noToken((code) => code),
  },
  'the token request after a 401': {
    at: 'issuer',
    prepare: isRevoked,
    outcomes: noToken((code) => `ERR_BAD_REQUEST with status 401, for ${code}`),
  },
  'a renewal behind the request': {
    at: 'issuer',
    isBehind: true,
    prepare: isDue,
    outcomes: noToken((code) => `served, and a renewal failed: ${code}`),
  },
  'a refresh token grant behind the request': {
    at: 'issuer',
    isBehind: true,
    rotates: true,
    prepare: isDue,
    outcomes: noToken((code) => `served, and a renewal failed: ${code}`),
  },
  'a request with a held token': { at: 'api', prepare: holdsAToken, outcomes: ofAxios },
  'a send whose token is refused': {
    at: 'api',
    times: 1,
    prepare: isRevoked,
    outcomes: {
      ...ofAxios,
      // The 401 has come, over http: its body is not needed.
      'reset in mid-response': ['served', 'terminated'],
      'stall after the headers': ['ECONNABORTED', 'ETIMEDOUT'],
      truncate: ['served', 'terminated'],
      'content-length too short': ['HPE_INVALID_CONSTANT', 'served'],
    },
  },
  'a replay': { at: 'api', isLater: true, prepare: isRevoked, outcomes: ofAxios },
}

interface Cell {
  readonly operation: string
  readonly fault: Fault
  readonly adapter: Adapter
  readonly outcome: string
}
const cells = Object.entries(OPERATIONS).flatMap(([operation, { outcomes }]) =>
  Object.entries(outcomes).flatMap(([fault, outcome]) =>
    (['http', 'fetch'] as const).map((adapter, at): Cell => {
      const [...both] = typeof outcome === 'string' ? [outcome, outcome] : outcome
      return { operation, fault: fault as Fault, adapter, outcome: both[at] as string }
    }),
  ),
)

/** Plays a fault on an operation, and looks at what is left of it. */
async function play({ operation, fault, adapter, outcome }: Cell, guard = LONG): Promise<void> {
  const { at, prepare, rotates = false, isBehind, isLater, times } = OPERATIONS[operation] as Operation
  const isEndless = ENDLESS.includes(fault)
  const timeoutAt = (place: Operation['at']): number => (isEndless && at === place ? SHORT : LONG)
  const world = await setUp({ adapter, rotates, timeout: timeoutAt('issuer') })
  await prepare(world)
  const proxy = world.before[at]
  const fail = (): Promise<void> => proxy.fail(fault, times)
  if (isLater) world.beforeFetch(fail)
  else await fail()

  const renewal = isBehind && world.nextFetch()
  const answered = await outcomeOf(world.request(timeoutAt('api')), guard)
  const got = renewal ? `${answered}, and a renewal ${inWords(await renewal)}` : answered
  expect(outcome.split(' or ')).toContain(got)
  await world.clean()

  world.beforeFetch(() => undefined)
  await proxy.pass()
  world.pass(isBehind ? PAUSE : 0)
  const next = isBehind && world.nextFetch()
  expect(await nextOutcome(world)).toBe('served')
  // A refresh token that may be spent is not shown again while the held token works.
  if (next) expect((await next).type).toBe(rotates && !UNTOUCHED.includes(fault) ? 'failed' : 'fetched')
  expect(world.shownTwice).toEqual([])
  await world.clean()
  expect(world.settled).toEqual(world.started)
}

/** A source keeps its short timeout: on a busy machine a fetch that goes well may take longer than that, now and then. */
async function nextOutcome(world: World): Promise<string> {
  for (let tries = 3; ; tries -= 1) {
    const outcome = await outcomeOf(world.request())
    if (outcome !== 'ERR_AUTH_TOKEN_TIMEOUT' || tries === 1) return outcome
  }
}

const inWords = (event: TokenEvent): string =>
  event.type === 'failed' ? `failed: ${event.code}` : 'brought a token'

// The timer of axios's http adapter ends with the headers, and then only silence counts: with us as without.
const isUpToAxios = ({ operation, fault, adapter }: Cell): boolean =>
  (OPERATIONS[operation] as Operation).at === 'api' && adapter === 'http' && fault === 'slow drip'

describe('whatever happens on the way, there is one outcome, nothing is left behind, and the next request is served', () => {
  const title = '$operation over $adapter meets: $fault. The caller gets: $outcome'
  test.each(cells.filter((cell) => !isUpToAxios(cell)))(title, (cell) => play(cell))
})

describe('a 401 that stalls after its headers, read as a stream', () => {
  const adapters: Adapter[] = ['http', 'fetch']

  /** The API refuses the held token, and the body of its refusal never comes. */
  async function refused(adapter: Adapter) {
    // No limit: axios does not end a stream that it watches for one, while that is silent.
    const world = await setUp({ adapter, rotates: false, timeout: LONG, maxContentLength: -1 })
    await isRevoked(world)
    await world.before.api.fail('stall after the headers', 1)
    const request = (options: AxiosRequestConfig = {}): Promise<AxiosResponse> =>
      world.client.post('/things', {}, { responseType: 'stream', ...options })
    return { ...world, request }
  }

  test.each(adapters)(
    'over %s: when a new token comes the request is served, and the connection is let go',
    async (adapter) => {
      const world = await refused(adapter)
      const { status, data } = await world.request()
      expect(status).toBe(200)
      // To the end, or its connection stays in use.
      for await (const chunk of data) expect(chunk.length).toBeGreaterThan(0)
      await world.clean()
    },
  )

  // Over http alone: over fetch axios itself lets go of signal and timer when a status rejects, and its stream
  // cannot be cancelled while it is silent: that connection is the server's to end.
  test.each(['http'] as const)(
    'over %s: a caller who leaves while a new token is fetched leaves no connection behind',
    async (adapter) => {
      const world = await refused(adapter)
      const asked = deferred()
      const released = deferred()
      world.beforeFetch(() => {
        asked.resolve()
        return released.promise
      })
      const controller = new AbortController()
      const outcome = outcomeOf(world.request({ signal: controller.signal }))
      await asked.promise
      controller.abort()
      expect(await outcome).toBe('ERR_CANCELED')
      released.resolve()
      await world.clean(LONG / 2)
    },
  )

  test.each(adapters)(
    'over %s: when no new token can be had, the timeout of the request ends the wait',
    async (adapter) => {
      const world = await refused(adapter)
      await world.before.issuer.fail('refuse')
      const outcome = await outcomeOf(world.request({ timeout: SHORT }), LONG / 2)
      expect(outcome).not.toBe('nothing: it hangs')
      if (adapter === 'http') await world.clean(LONG / 2)
    },
  )
})
