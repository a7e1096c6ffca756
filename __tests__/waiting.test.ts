import axios, { type AxiosError } from 'axios'
import { authInterceptor, bearerAuth, tokenSource } from '#lib'
import { startProtectedApi, startServer } from './support/servers'
import { deferred } from './support/token-series'

/** An API whose token comes when the test says so. */
async function waitingForToken() {
  const token = deferred<string>()
  const server = await startProtectedApi({ isValid: (value) => value === 'fake-token' })
  const api = axios.create({ baseURL: server.url })
  const asked = deferred()
  let calls = 0
  const fetch = (): Promise<string> => {
    calls += 1
    asked.resolve()
    return token.promise
  }
  api.interceptors.request.use(bearerAuth(fetch))
  pending.push(token)
  return { token, server, api, asked: asked.promise, calls: () => calls }
}

/** No test may leave a fetch behind. */
const pending: { resolve(token: string): void }[] = []
afterEach(() => {
  for (const token of pending.splice(0)) token.resolve('fake-token')
  jest.restoreAllMocks()
})

const failureOf = (request: Promise<unknown>): Promise<AxiosError> =>
  request.then(
    () => Promise.reject(new Error('it was served')),
    (error: unknown) => error as AxiosError,
  )

describe('waiting for a token belongs to the caller', () => {
  test('aborting one request rejects it at once, as axios would, and harms no other', async () => {
    const { token, server, api, asked, calls } = await waitingForToken()
    const controller = new AbortController()
    const aborted = failureOf(api.get('/aborted', { signal: controller.signal }))
    const others = [api.get('/one'), api.get('/two')]
    await asked
    controller.abort()
    expect(await aborted).toMatchObject({
      code: 'ERR_CANCELED',
      name: 'CanceledError',
      message: 'canceled',
      config: { url: '/aborted' },
    })
    token.resolve('fake-token')
    expect((await Promise.all(others)).map(({ status }) => status)).toEqual([200, 200])
    expect(server.requests.map(({ url }) => url).sort()).toEqual(['/one', '/two'])
    expect(calls()).toBe(1)
  })

  test('a cancel token rejects its request with its own reason', async () => {
    const { token, server, api, asked } = await waitingForToken()
    const { cancel, token: cancelToken } = axios.CancelToken.source()
    const canceled = failureOf(api.get('/canceled', { cancelToken }))
    await asked
    cancel('no longer needed')
    const error = await canceled
    expect(axios.isCancel(error)).toBe(true)
    expect(error).toMatchObject({ code: 'ERR_CANCELED', message: 'no longer needed' })
    token.resolve('fake-token')
    expect((await api.get('/other')).status).toBe(200)
    expect(server.requests).toHaveLength(1)
  })

  test.each([
    [false, 'ECONNABORTED'],
    [true, 'ETIMEDOUT'],
  ])(
    'the timeout of a request covers the wait (clarifyTimeoutError %s: %s)',
    async (clarifyTimeoutError, code) => {
      const { token, server, api } = await waitingForToken()
      const error = await failureOf(api.get('/late', { timeout: 20, transitional: { clarifyTimeoutError } }))
      expect(error).toMatchObject({
        code,
        message: 'timeout of 20ms exceeded',
        config: { url: '/late', timeout: 20 },
      })
      token.resolve('fake-token')
      expect((await api.get('/other')).status).toBe(200)
      expect(server.requests).toHaveLength(1)
    },
  )

  test('a timeout has the message that the caller set', async () => {
    const { api } = await waitingForToken()
    expect(await failureOf(api.get('/late', { timeout: 20, timeoutErrorMessage: 'too slow' }))).toMatchObject(
      { message: 'too slow' },
    )
  })

  test('what the wait has taken of the timeout is not there for sending, and the error still names the whole', async () => {
    const server = await startServer(() => undefined)
    const api = axios.create({ baseURL: server.url })
    api.interceptors.request.use(
      bearerAuth(() => new Promise((resolve) => setTimeout(resolve, 30, 'fake-token'))),
    )
    const error = await failureOf(api.get('/hangs', { timeout: 60 }))
    expect(error).toMatchObject({
      code: 'ECONNABORTED',
      message: 'timeout of 60ms exceeded',
      config: { timeout: 60 },
    })
    expect(error.config?.timeoutErrorMessage).toBeUndefined()
  })

  test('who leaves while the token is fetched leaves no token behind in the config', async () => {
    const { token, api, asked } = await waitingForToken()
    const controller = new AbortController()
    const aborted = failureOf(api.get('/aborted', { signal: controller.signal }))
    await asked
    controller.abort()
    const error = await aborted
    token.resolve('fake-token')
    await api.get('/other')
    expect(JSON.stringify(error.config?.headers)).not.toContain('fake-token')
  })

  test('when all have left the fetch goes on, and its token serves the next', async () => {
    const { token, api, asked, calls } = await waitingForToken()
    const controller = new AbortController()
    const aborted = failureOf(api.get('/aborted', { signal: controller.signal }))
    await asked
    controller.abort()
    await aborted
    token.resolve('fake-token')
    await api.get('/next')
    expect(calls()).toBe(1)
  })

  test('a failure that nobody waits for is not an unhandled rejection', async () => {
    const unhandled = jest.fn()
    // Jest's sandbox has a process of its own, which never hears of them.
    const { default: process } = await nativeImport<{ default: NodeJS.Process }>('node:process')
    process.on('unhandledRejection', unhandled)
    const { token, api, asked } = await waitingForToken()
    const controller = new AbortController()
    const aborted = failureOf(api.get('/aborted', { signal: controller.signal }))
    await asked
    controller.abort()
    await aborted
    token.reject(new Error('issuer down'))
    await new Promise((resolve) => setImmediate(resolve))
    process.off('unhandledRejection', unhandled)
    expect(unhandled).not.toHaveBeenCalled()
  })
})

describe('before the replay', () => {
  /** Refuses each request; the second token comes when the test says so. */
  async function refused() {
    const renewal = deferred<string>()
    pending.push(renewal)
    const asked = deferred()
    const server = await startServer((_, response) => response.writeHead(401).end())
    const api = axios.create({ baseURL: server.url })
    let calls = 0
    const fetch = (): string | Promise<string> => {
      calls += 1
      if (calls === 1) return 'fake-1'
      asked.resolve()
      return renewal.promise
    }
    api.interceptors.request.use(bearerAuth(fetch))
    return { renewal, asked, server, api }
  }

  test('an abort while the new token is fetched: nothing more is sent', async () => {
    const { renewal, asked, server, api } = await refused()
    const controller = new AbortController()
    const aborted = failureOf(api.get('/things', { signal: controller.signal }))
    await asked.promise
    controller.abort()
    expect(await aborted).toMatchObject({ code: 'ERR_CANCELED' })
    renewal.resolve('fake-2')
    await new Promise((resolve) => setImmediate(resolve))
    expect(server.requests).toHaveLength(1)
  })

  test('an abort at the very moment when the held token would be sent: nothing more is sent', async () => {
    const server = await startServer((_, response) => response.writeHead(401).end())
    const api = axios.create({ baseURL: server.url })
    const controller = new AbortController()
    const source = tokenSource(() => 'fake-token')
    const isRejected = (): boolean => {
      controller.abort()
      return true
    }
    api.interceptors.request.use(bearerAuth(source, { isRejected }))
    expect(await failureOf(api.get('/things', { signal: controller.signal }))).toMatchObject({
      code: 'ERR_CANCELED',
    })
    expect(server.requests).toHaveLength(1)
  })

  test('the timeout covers the refused send, the token and the replay together', async () => {
    const { server, api } = await refused()
    expect(await failureOf(api.get('/things', { timeout: 400 }))).toMatchObject({
      code: 'ECONNABORTED',
      message: 'timeout of 400ms exceeded',
    })
    expect(server.requests).toHaveLength(1)
  })

  test('a timer that fires before the clock has reached the deadline ends the wait all the same', async () => {
    const { server, api } = await refused()
    jest.spyOn(performance, 'now').mockReturnValue(performance.now())
    expect(await failureOf(api.get('/things', { timeout: 400 }))).toMatchObject({ code: 'ECONNABORTED' })
    expect(server.requests).toHaveLength(1)
  })
})

test('a scheme that takes its time over an answer is not waited for by who leaves', async () => {
  const server = await startServer((_, response) => response.end())
  const api = axios.create({ baseURL: server.url })
  const asked = deferred()
  const answer = (): Promise<boolean> => {
    asked.resolve()
    return new Promise(() => undefined)
  }
  const place = { in: 'header', name: 'X-Key' } as const
  api.interceptors.request.use(
    authInterceptor({ authenticate: (request) => request.attach(place, 'fake-key'), answer }),
  )
  const controller = new AbortController()
  const aborted = failureOf(api.get('/things', { signal: controller.signal }))
  await asked.promise
  controller.abort()
  expect(await aborted).toMatchObject({ code: 'ERR_CANCELED' })
  expect(await failureOf(api.get('/things', { timeout: 50 }))).toMatchObject({ code: 'ECONNABORTED' })
})

test.each([
  ['forward', 3_600_000],
  ['back', -3_600_000],
])(
  'a clock that is turned %s while the token is fetched does not change what is left of the timeout',
  async (_, ms) => {
    const server = await startServer((_, response) => response.end())
    const api = axios.create({ baseURL: server.url })
    const timeouts: unknown[] = []
    api.interceptors.request.use(
      bearerAuth(() => {
        jest.spyOn(Date, 'now').mockReturnValue(Date.now() + ms)
        return Promise.resolve('fake-token')
      }),
    )
    api.interceptors.request.use((config) => {
      const adapter = axios.getAdapter(config.adapter)
      config.adapter = (sent) => {
        timeouts.push(sent.timeout)
        return adapter(sent)
      }
      return config
    })
    await api.get('/things', { timeout: 60_000 })
    expect(timeouts).toHaveLength(1)
    expect(timeouts[0]).toBeGreaterThan(30_000)
    expect(timeouts[0]).toBeLessThan(60_000)
  },
)

test('listeners of signal and cancel token are gone when the request is over', async () => {
  const { token, api, asked } = await waitingForToken()
  const { signal } = new AbortController()
  const added = jest.spyOn(signal, 'addEventListener')
  const removed = jest.spyOn(signal, 'removeEventListener')
  const request = api.get('/things', { signal })
  await asked
  token.resolve('fake-token')
  await request
  expect(added.mock.calls.length).toBeGreaterThan(1)
  const left = new Set(added.mock.calls.map(([, listener]) => listener))
  for (const [, listener] of removed.mock.calls) left.delete(listener)
  expect(left.size).toBe(0)
})
