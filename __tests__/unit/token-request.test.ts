import axios, { type AxiosInstance, type AxiosRequestConfig, type AxiosResponse } from 'axios'
import MockAdapter from 'axios-mock-adapter'
import { apiKeyAuth } from '#lib/schemes/api-key'
import type { FetchContext } from '#lib/tokens/token-fetch'
import { type ReadResponse, tokenRequest } from '#lib/tokens/token-request'
import { type TokenSource, tokenSource } from '#lib/tokens/token-source'
import { failureOf, shown } from '../support/auth-failure'

const SECRET = 'tok-8f1c2d'

/** An issuer without a network. */
function issuer(config: AxiosRequestConfig = {}): { client: AxiosInstance; mock: MockAdapter } {
  const client = axios.create({ baseURL: 'https://issuer.example', ...config })
  return { client, mock: new MockAdapter(client) }
}

const get = async (source: TokenSource): Promise<string> => (await source.get()).value

describe('the request', () => {
  test('is the one that was described, through the client and all that it adds', async () => {
    const { client, mock } = issuer({ headers: { 'X-Tenant': 'acme' } })
    client.interceptors.request.use(apiKeyAuth({ name: 'X-Key', value: 'k' }))
    mock.onPost('/login').reply(200, { access_token: SECRET })
    const source = tokenSource(
      tokenRequest(client, { method: 'post', url: '/login', data: { user: 'u' }, params: { v: 2 } }),
    )
    expect(await get(source)).toBe(SECRET)
    const [sent] = mock.history.post ?? []
    expect(sent).toMatchObject({ url: '/login', data: '{"user":"u"}', params: { v: 2 } })
    expect(sent?.headers).toMatchObject({ 'X-Tenant': 'acme', 'X-Key': 'k' })
  })

  test('carries the signal of its fetch, by which the source knows it', async () => {
    const { client, mock } = issuer()
    mock.onGet('/token').reply(200, { access_token: SECRET })
    const source = tokenSource(tokenRequest(client, { url: '/token' }))
    await source.get()
    expect(source.isFetch(mock.history.get?.[0]?.signal)).toBe(true)
  })

  test('is stopped when the source is cleared', async () => {
    const { client, mock } = issuer()
    mock.onGet('/token').reply(() => new Promise(() => undefined))
    const source = tokenSource(tokenRequest(client, { url: '/token' }))
    const failing = failureOf(source.get())
    source.clear()
    expect((await failing).code).toBe('ERR_AUTH_TOKEN_CLEARED')
  })

  test('can be made anew for each fetch, by a function that is told why', async () => {
    const { client, mock } = issuer()
    let count = 0
    mock.onPost().reply(() => {
      count += 1
      return [200, { access_token: `token-${count}` }]
    })
    const contexts: FetchContext[] = []
    const source = tokenSource(
      tokenRequest(client, async (context) => {
        contexts.push(context)
        const { previous, key } = context
        return {
          method: 'post',
          url: `/${key}/${previous ? 'renew' : 'login'}`,
          data: { old: previous?.value },
        }
      }),
      { key: () => 'acme' },
    )
    await source.get()
    await source.renew()
    expect(contexts.map(({ reason }) => reason)).toEqual(['cold', 'manual'])
    expect(mock.history.post?.map(({ url, data }) => [url, data])).toEqual([
      ['/acme/login', '{}'],
      ['/acme/renew', '{"old":"token-1"}'],
    ])
  })

  test('is not changed by a fetch', async () => {
    const { client, mock } = issuer()
    mock.onGet('/token').reply(200, { access_token: SECRET })
    const config: AxiosRequestConfig = Object.freeze({
      url: '/token',
      headers: Object.freeze({ 'X-A': '1' }),
    })
    const source = tokenSource(tokenRequest(client, config))
    await source.get()
    await source.renew()
    expect(config).toEqual({ url: '/token', headers: { 'X-A': '1' } })
  })

  test.each<[what: string, make: () => AxiosRequestConfig | Promise<AxiosRequestConfig>]>([
    [
      'throws',
      () => {
        throw new Error('no config')
      },
    ],
    ['rejects', () => Promise.reject(new Error('no config'))],
  ])('is not sent when the function for it %s', async (_, make) => {
    const { client, mock } = issuer()
    const failure = await failureOf(tokenSource(tokenRequest(client, make)).get())
    expect(failure.code).toBe('ERR_AUTH_TOKEN_REQUEST')
    expect(failure.message).toContain('no config')
    expect(mock.history).toHaveLength(0)
  })
})

describe('reading the response', () => {
  test.each<
    [what: string, reply: [number, unknown?, Record<string, string>?], read: ReadResponse | undefined]
  >([
    ['an RFC 6749 body', [200, { access_token: SECRET, token_type: 'bearer' }], undefined],
    ['an RFC 6749 body with status 201', [201, { access_token: SECRET }], undefined],
    [
      'a header',
      [204, undefined, { 'x-auth-access-token': SECRET }],
      ({ headers }) => String(headers['x-auth-access-token']),
    ],
    ['the whole body as text', [200, SECRET, { 'content-type': 'text/plain' }], ({ data }) => data as string],
    ['a member of its own', [200, { result: { sessionKey: SECRET } }], ({ data }) => data.result.sessionKey],
    [
      'a cookie',
      [200, '', { 'set-cookie': `jwt=${SECRET}; Path=/` }],
      ({ headers }) => /jwt=([^;]+)/.exec(String(headers['set-cookie']))?.[1] ?? '',
    ],
    [
      'a value with its end',
      [200, { token: SECRET, expires: '2999-01-01T00:00:00Z' }],
      ({ data }) => ({ value: data.token, expiresAt: new Date(data.expires) }),
    ],
    ['asynchronously', [200, { id: SECRET }], async ({ data }) => data.id],
  ])('finds the token in %s', async (_, reply, read) => {
    const { client, mock } = issuer()
    mock.onAny().reply(...reply)
    const source = tokenSource(
      read ? tokenRequest(client, { url: '/t' }, read) : tokenRequest(client, { url: '/t' }),
    )
    expect(await get(source)).toBe(SECRET)
  })

  test('hands several values on', async () => {
    const { client, mock } = issuer()
    mock.onAny().reply(200, { token: SECRET, xsrf: 'x' })
    const source = tokenSource(
      tokenRequest(client, { url: '/t' }, ({ data }) => ({
        value: data.token,
        expiresIn: 60,
        xsrf: data.xsrf,
      })),
    )
    expect((await source.get()).extra).toEqual({ xsrf: 'x' })
  })

  test.each<[what: string, body: unknown, headers: Record<string, string>, why: RegExp]>([
    [
      'a page',
      `<html>${SECRET}</html>`,
      { 'content-type': 'text/html; charset=utf-8' },
      /is text \(text\/html\).*how to read it/,
    ],
    ['a text', SECRET, { 'content-type': 'text/plain' }, /is text \(text\/plain\)/],
    ['nothing', '', {}, /is empty \(no content type\)/],
    ['undefined', undefined, {}, /is undefined/],
    ['a list', [SECRET], { 'content-type': 'application/json' }, /is an array/],
    ['null', null, {}, /is null/],
    ['a number', 5, {}, /is number/],
    ['an object without a token', { token: SECRET }, {}, /has no access_token/],
  ])('refuses %s where RFC 6749 was expected, and does not show it', async (_, body, headers, why) => {
    const { client, mock } = issuer()
    mock.onAny().reply(200, body, headers)
    const failure = await failureOf(tokenSource(tokenRequest(client, { url: '/t' })).get())
    expect(failure.code).toBe('ERR_AUTH_TOKEN_RESPONSE')
    expect(failure.message).toMatch(why)
    expect(shown(failure)).not.toContain(SECRET)
  })

  test.each<[what: string, read: (response: AxiosResponse) => unknown, code: string]>([
    ['gives undefined', () => undefined, 'ERR_AUTH_TOKEN_RESPONSE'],
    ['gives the response', (response) => response, 'ERR_AUTH_TOKEN_RESPONSE'],
    ['gives a blank', () => ' ', 'ERR_AUTH_TOKEN_RESPONSE'],
    ['throws', ({ data }) => data.no.such.member, 'ERR_AUTH_TOKEN_RESPONSE'],
    ['rejects', () => Promise.reject(new Error('cannot read')), 'ERR_AUTH_TOKEN_RESPONSE'],
  ])('is an error when the function for it %s', async (_, read, code) => {
    const { client, mock } = issuer()
    mock.onAny().reply(200, { token: SECRET })
    const failure = await failureOf(
      tokenSource(tokenRequest(client, { url: '/t' }, read as ReadResponse)).get(),
    )
    expect(failure.code).toBe(code)
    expect(shown(failure)).not.toContain(SECRET)
  })

  test.each<[string, object, () => unknown, string]>([
    ['has none', {}, () => undefined, 'The token response has no token where it was looked for'],
    ['says why', { error: 'locked' }, () => undefined, 'The token response says locked'],
    [
      'cannot be read',
      {},
      () => {
        throw new Error('no')
      },
      'The token could not be read from the response',
    ],
  ])('that %s is told with its status', async (_, body, read, message) => {
    const { client, mock } = issuer()
    mock.onAny().reply(203, body)
    const failure = await failureOf(
      tokenSource(tokenRequest(client, { url: '/t' }, read as ReadResponse)).get(),
    )
    expect(failure).toMatchObject({ message, status: 203 })
  })

  test('that an interceptor of the issuer has taken apart is an error that says so', async () => {
    const { client, mock } = issuer()
    client.interceptors.response.use(({ data }) => data)
    mock.onAny().reply(200, { access_token: SECRET })
    const failure = await failureOf(tokenSource(tokenRequest(client, { url: '/t' })).get())
    expect(failure.code).toBe('ERR_AUTH_TOKEN_RESPONSE')
    expect(failure.message).toMatch(
      /an interceptor of the client instance gives something else than the response/,
    )
    expect(shown(failure)).not.toContain(SECRET)
  })

  test.each([
    [404, /status 404; is its URL right\?$/],
    [403, /status 403$/],
    [300, /status 300; it redirects: give its final URL$/],
    [399, /status 399; it redirects: give its final URL$/],
  ])('with status %d is an error with a hint, where one can be given', async (status, message) => {
    const { client, mock } = issuer()
    mock.onAny().reply(status)
    expect((await failureOf(tokenSource(tokenRequest(client, { url: '/t' })).get())).message).toMatch(message)
  })

  test('that axios itself could not parse does not show it', async () => {
    const { client, mock } = issuer({
      responseType: 'json',
      transitional: { silentJSONParsing: false },
    })
    mock.onAny().reply(200, `{"access_token":"${SECRET}`, { 'content-type': 'application/json' })
    const failure = await failureOf(tokenSource(tokenRequest(client, { url: '/t' })).get())
    expect(shown(failure)).not.toContain(SECRET)
    expect(failure.code).toBe('ERR_AUTH_TOKEN_RESPONSE')
  })

  test('that the function for it could not parse does not show it', async () => {
    const { client, mock } = issuer()
    mock.onAny().reply(200, SECRET, { 'content-type': 'text/plain' })
    const source = tokenSource(tokenRequest(client, { url: '/t' }, ({ data }) => JSON.parse(data as string)))
    expect(shown(await failureOf(source.get()))).not.toContain(SECRET)
  })
})

describe('a response that is no success', () => {
  const oauth = {
    error: 'invalid_client',
    error_description: 'No such client',
    error_uri: 'https://issuer.example/e',
  }

  const text = { 'content-type': 'text/plain' }

  test.each<
    [what: string, status: number, body: unknown, headers: Record<string, string>, error: string | undefined]
  >([
    ['400 with an OAuth error', 400, { ...oauth, error: 'invalid_grant' }, {}, 'invalid_grant'],
    ['401 with an OAuth error', 401, oauth, {}, 'invalid_client'],
    ['500 with an OAuth error', 500, oauth, {}, 'invalid_client'],
    ['401 with an OAuth error as text', 401, JSON.stringify(oauth), text, 'invalid_client'],
    ['403 without a body', 403, undefined, {}, undefined],
    ['403 with an empty body', 403, '', {}, undefined],
    ['500 with a page', 500, `<h1>${SECRET}</h1>`, { 'content-type': 'text/html' }, undefined],
    ['502 with a list', 502, [SECRET], {}, undefined],
    ['400 with JSON that is no OAuth', 400, { message: SECRET, error: { code: SECRET } }, {}, undefined],
    [
      '400 with an error that is a number',
      400,
      { error: 5, error_description: 5, error_uri: 5 },
      {},
      undefined,
    ],
    ['404 with null', 404, null, {}, undefined],
  ])('%s', async (_, status, body, headers, error) => {
    for (const validateStatus of [undefined, () => true]) {
      const { client, mock } = issuer(validateStatus && { validateStatus })
      mock.onAny().reply(status, body, headers)
      const failure = await failureOf(tokenSource(tokenRequest(client, { url: '/t' })).get())
      expect(failure).toMatchObject({ name: 'AuthError', code: 'ERR_AUTH_TOKEN_REQUEST', status })
      expect(failure.message).toContain(String(status))
      const { error_description, error_uri }: Partial<typeof oauth> = error === undefined ? {} : oauth
      expect([failure.error, failure.error_description, failure.error_uri]).toEqual([
        error,
        error_description,
        error_uri,
      ])
      expect(shown(failure)).not.toContain(SECRET)
    }
  })

  test('says in its message what the issuer said', async () => {
    const { client, mock } = issuer()
    mock.onAny().reply(400, oauth)
    const failure = await failureOf(tokenSource(tokenRequest(client, { url: '/t' })).get())
    expect(failure.message).toContain('status 400, invalid_client (No such client)')
  })

  test.each([301, 302, 307, 308])('%d: the error asks for the final URL', async (status) => {
    for (const validateStatus of [undefined, () => true]) {
      const { client, mock } = issuer(validateStatus && { validateStatus })
      mock.onAny().reply(status, '', { location: `https://elsewhere.example/?code=${SECRET}` })
      const failure = await failureOf(tokenSource(tokenRequest(client, { url: '/t' })).get())
      expect(failure.message).toMatch(/redirects.*final URL/)
      expect(shown(failure)).not.toContain(SECRET)
    }
  })

  test('is not read, though validateStatus takes it for a success', async () => {
    const { client, mock } = issuer({ validateStatus: () => true })
    const read = jest.fn(() => SECRET)
    mock.onAny().reply(401, { access_token: SECRET })
    await failureOf(tokenSource(tokenRequest(client, { url: '/t' }, read)).get())
    expect(read).not.toHaveBeenCalled()
  })

  test('honours Retry-After', async () => {
    const { client, mock } = issuer()
    mock.onAny().reply(429, '', { 'retry-after': '7' })
    expect(await failureOf(tokenSource(tokenRequest(client, { url: '/t' })).get())).toMatchObject({
      retryAfter: 7000,
    })
  })

  test.each<[what: string, arm: (mock: MockAdapter) => void, code: string]>([
    ['no network', (mock) => mock.onAny().networkError(), 'ERR_NETWORK'],
    ['no answer in time', (mock) => mock.onAny().timeout(), 'ECONNABORTED'],
    ['an aborted request', (mock) => mock.onAny().abortRequest(), 'ECONNABORTED'],
  ])('%s: the error of axios is the cause, without its config', async (_, arm, code) => {
    const { client, mock } = issuer({ headers: { 'X-Key': SECRET } })
    arm(mock)
    const failure = await failureOf(
      tokenSource(tokenRequest(client, { url: '/t', data: SECRET, method: 'post' })).get(),
    )
    expect(failure.code).toBe('ERR_AUTH_TOKEN_REQUEST')
    expect(failure.status).toBeUndefined()
    if (code !== 'ERR_NETWORK') expect(failure.cause).toMatchObject({ code })
    expect(failure.cause).toMatchObject({ message: expect.stringMatching(/./) })
    expect(failure.cause).not.toHaveProperty('config')
    expect(shown(failure)).not.toContain(SECRET)
  })

  test('an interceptor of the client that fails is a failed request, and shows nothing of it', async () => {
    const { client, mock } = issuer()
    client.interceptors.request.use(
      apiKeyAuth({
        name: 'X-Key',
        value: () => {
          throw new Error('the vault is closed')
        },
      }),
    )
    mock.onAny().reply(200, { access_token: 'a' })
    const source = tokenSource(
      tokenRequest(client, { method: 'post', url: '/t', data: { password: SECRET } }),
    )
    const failure = await failureOf(source.get())
    expect(failure.code).toBe('ERR_AUTH_CREDENTIALS')
    expect(failure.cause).toMatchObject({ message: 'the vault is closed' })
    expect(shown(failure)).not.toContain(SECRET)
  })

  test('a client that may not send its own credentials shows nothing of the request', async () => {
    const { client } = issuer({ baseURL: 'http://issuer.example' })
    client.interceptors.request.use(apiKeyAuth({ name: 'X-Key', value: 'k' }))
    const source = tokenSource(
      tokenRequest(client, { method: 'post', url: '/t', data: { password: SECRET } }),
    )
    const failure = await failureOf(source.get())
    expect(failure.code).toBe('ERR_AUTH_ORIGIN')
    expect(shown(failure)).not.toContain(SECRET)
  })
})
