import axios, { type AxiosError, type AxiosInstance } from 'axios'
import axiosRetry, { type IAxiosRetryConfig } from 'axios-retry'
import { AuthError, basicAuth, bearerAuth, clientCredentials } from '#lib'
import { startServer } from '../support/servers'
import { deferred, tokenSeries } from '../support/token-series'
import { traces } from '../support/traces'
import { orders } from './orders'

const atOnce = { retries: 3, retryDelay: () => 0 }

/** Answers with these statuses, one after the other, and ends the connection for a 0. Then with the last one. */
async function answering(...statuses: number[]) {
  let count = 0
  const server = await startServer((request, response) => {
    const status = statuses[Math.min(count++, statuses.length - 1)] ?? 200
    if (status === 0) request.socket.destroy()
    else response.writeHead(status, { 'content-type': 'application/json' }).end('{"served":true}')
  })
  const credentials = () => server.requests.map(({ headers }) => headers.authorization)
  return { server, credentials }
}

describe.each(orders)('axios-retry, installed %s our interceptors', (_, install) => {
  async function setUp(statuses: number[], options: IAxiosRetryConfig = {}, fetch?: () => Promise<string>) {
    const { server, credentials } = await answering(...statuses)
    const issuer = tokenSeries()
    const api = axios.create({ baseURL: server.url })
    install(
      () => axiosRetry(api, { ...atOnce, ...options }),
      () => api.interceptors.request.use(bearerAuth(fetch ?? issuer.fetch)),
    )
    return { api, issuer, server, credentials }
  }

  test('503, then 401, then 200: each send carries a token, and only the refused one is replaced', async () => {
    const { api, issuer, credentials } = await setUp([503, 401, 200])
    expect((await api.get('/things')).data).toEqual({ served: true })
    expect(credentials()).toEqual(['Bearer fake-token-1', 'Bearer fake-token-1', 'Bearer fake-token-2'])
    expect(issuer.calls).toBe(2)
  })

  test('a connection that ends and a 503 are retried with the token that is held', async () => {
    const { api, issuer, credentials } = await setUp([0, 503, 200])
    await api.get('/things')
    expect(credentials()).toEqual(Array.from({ length: 3 }, () => 'Bearer fake-token-1'))
    expect(issuer.calls).toBe(1)
  })

  test('401, then 503, then 401: the request has had its replay, and the refusal comes through', async () => {
    const { api, server } = await setUp([401, 503, 401])
    await expect(api.get('/things')).rejects.toMatchObject({ response: { status: 401 } })
    expect(server.requests).toHaveLength(3)
  })

  test('a POST is replayed after a 401, and by its default not retried after a 503', async () => {
    const { api, server } = await setUp([401, 503, 200])
    await expect(api.post('/things', { a: 1 })).rejects.toMatchObject({ response: { status: 503 } })
    expect(server.requests.map(({ body }) => body.toString())).toEqual(['{"a":1}', '{"a":1}'])
  })

  test('with validateResponse, which makes every answer an error first, a 401 is replayed and a 503 retried', async () => {
    const { api, credentials } = await setUp([503, 401, 200], {
      validateResponse: ({ status }) => status === 200,
    })
    expect((await api.get('/things')).status).toBe(200)
    expect(credentials()).toEqual(['Bearer fake-token-1', 'Bearer fake-token-1', 'Bearer fake-token-2'])
  })

  test('20 requests that are all retried share one token call', async () => {
    const { api, issuer, server } = await setUp([...Array.from({ length: 20 }, () => 503), 200], {
      retries: 20,
    })
    await Promise.all(Array.from({ length: 20 }, (_, n) => api.get(`/things/${n}`)))
    expect([server.requests.length, issuer.calls]).toEqual([40, 1])
  })

  test('onRetry and retryCondition see no credentials', async () => {
    const seen: unknown[] = []
    const { api } = await setUp([503, 200], {
      onRetry: (_, error, config) => {
        seen.push(...traces([error, config], ['fake-token-1']))
      },
      retryCondition: (error) => seen.push(...traces(error, ['fake-token-1'])) >= 0,
    })
    await api.get('/things')
    expect(seen).toEqual([])
  })

  test('a request whose caller leaves while it waits for the token is not sent, and the token is asked for once', async () => {
    const asked = deferred()
    const answer = deferred<string>()
    let calls = 0
    const { api, server } = await setUp([200], {}, () => {
      calls += 1
      asked.resolve()
      return answer.promise
    })
    const leaving = new AbortController()
    const left = api.get('/things', { signal: leaving.signal })
    await asked.promise
    leaving.abort()
    await expect(left).rejects.toMatchObject({ code: 'ERR_CANCELED' })
    answer.resolve('fake-token')
    await api.get('/next')
    expect([calls, server.requests.map(({ url }) => url)]).toEqual([1, ['/next']])
  })

  describe('when no token can be had', () => {
    /** Fails so many times. */
    function issuerThatFails(times: number) {
      const issuer = { calls: 0, fetch: () => Promise.resolve('') }
      issuer.fetch = async () => {
        issuer.calls += 1
        if (issuer.calls <= times) throw new Error('issuer down')
        return 'fake-token'
      }
      return issuer
    }

    test.each(['get', 'post'])(
      'its default takes our error for a network error: a %s asks for a token anew with each retry',
      async (method) => {
        const issuer = issuerThatFails(Number.POSITIVE_INFINITY)
        const { api, server } = await setUp([200], { retries: 2 }, issuer.fetch)
        const failure = await api.request({ method, url: '/things' }).catch((error: unknown) => error)
        expect(failure).toBeInstanceOf(AuthError)
        expect(failure).toMatchObject({ code: 'ERR_AUTH_TOKEN_REQUEST', config: { url: '/things' } })
        expect([issuer.calls, server.requests.length]).toEqual([1 + 2, 0])
      },
    )

    test('and is served when a retry gets one', async () => {
      const issuer = issuerThatFails(2)
      const { api, credentials } = await setUp([200], {}, issuer.fetch)
      expect((await api.post('/things', { a: 1 })).status).toBe(200)
      expect([issuer.calls, credentials()]).toEqual([3, ['Bearer fake-token']])
    })

    test('however many requests are retried, the issuer is asked no more than three times in a row', async () => {
      const issuer = issuerThatFails(Number.POSITIVE_INFINITY)
      const { api } = await setUp([200], { retries: 5 }, issuer.fetch)
      const failures = await Promise.all(
        Array.from({ length: 10 }, (_, n) => api.get(`/${n}`).catch((error: unknown) => error)),
      )
      expect(failures).toEqual(
        Array.from({ length: 10 }, () => expect.objectContaining({ code: 'ERR_AUTH_TOKEN_THROTTLED' })),
      )
      expect(issuer.calls).toBe(3)
    })

    test('a retryCondition that leaves our errors out ends with the first', async () => {
      const issuer = issuerThatFails(Number.POSITIVE_INFINITY)
      const retryCondition = (error: AxiosError): boolean =>
        !(error instanceof AuthError) && axiosRetry.isNetworkOrIdempotentRequestError(error)
      const { api } = await setUp([503], { retryCondition }, issuer.fetch)
      await expect(api.get('/things')).rejects.toBeInstanceOf(AuthError)
      expect(issuer.calls).toBe(1)
    })

    test('the 401 of a request whose token cannot be replaced is not retried', async () => {
      let calls = 0
      const { api, server } = await setUp([401], {}, async () => {
        calls += 1
        if (calls > 1) throw new Error('issuer down')
        return 'fake-token'
      })
      const failure = (await api.get('/things').catch((error: unknown) => error)) as AxiosError
      expect([failure.response?.status, failure.cause]).toEqual([401, expect.any(AuthError)])
      expect([calls, server.requests.length]).toEqual([2, 1])
    })
  })
})

describe('axios-retry on the instance of the issuer', () => {
  async function setUp(statuses: number[], options: IAxiosRetryConfig) {
    const tokens = tokenSeries()
    const left = [...statuses]
    const server = await startServer(async (request, response) => {
      if (request.url !== '/token') return response.end('{}')
      const status = left.shift() ?? 200
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(
        JSON.stringify(
          status === 200 ? { access_token: await tokens.fetch(), token_type: 'Bearer' } : { error: 'fake' },
        ),
      )
    })
    const issuer: AxiosInstance = axios.create({ baseURL: server.url })
    axiosRetry(issuer, { ...atOnce, ...options })
    issuer.interceptors.request.use(basicAuth({ username: 'fake-id', password: 'fake-secret' }))
    const api = axios.create({ baseURL: server.url })
    api.interceptors.request.use(bearerAuth(clientCredentials(issuer, { url: '/token' })))
    const at = (url: string) => server.requests.filter((request) => request.url === url)
    return { api, at }
  }

  test('by its default it does not retry the token request after a 503, for that is a POST', async () => {
    const { api, at } = await setUp([503, 200], {})
    await expect(api.get('/things')).rejects.toMatchObject({ code: 'ERR_AUTH_TOKEN_REQUEST', status: 503 })
    expect(at('/token')).toHaveLength(1)
  })

  test('with isRetryableError a token that comes with the third try serves all that wait, each try authenticated', async () => {
    const { api, at } = await setUp([503, 429, 200], { retryCondition: axiosRetry.isRetryableError })
    await Promise.all(Array.from({ length: 10 }, (_, n) => api.get(`/things/${n}`)))
    const basic = `Basic ${btoa('fake-id:fake-secret')}`
    expect(at('/token').map(({ headers, body }) => [headers.authorization, body.toString()])).toEqual(
      Array.from({ length: 3 }, () => [basic, 'grant_type=client_credentials']),
    )
    expect(at('/things/7').map(({ headers }) => headers.authorization)).toEqual(['Bearer fake-token-1'])
  })

  test.each([400, 401])('a %d, which says that the client is not known, is not retried', async (status) => {
    const { api, at } = await setUp([status], { retryCondition: axiosRetry.isRetryableError })
    await expect(api.get('/things')).rejects.toMatchObject({ code: 'ERR_AUTH_TOKEN_REQUEST', status })
    expect(at('/token')).toHaveLength(1)
  })
})
