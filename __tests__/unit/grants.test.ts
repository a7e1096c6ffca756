import { setImmediate as turn } from 'node:timers/promises'
import { inspect } from 'node:util'
import axios, { type AxiosRequestConfig } from 'axios'
import MockAdapter from 'axios-mock-adapter'
import type { AuthError } from '#lib/errors'
import { apiKeyAuth } from '#lib/schemes/api-key'
import { basicAuth } from '#lib/schemes/basic'
import { clientCredentials, type GrantOptions } from '#lib/tokens/grants'
import { type RefreshTokenOptions, refreshToken } from '#lib/tokens/refresh-token'
import { renewWith } from '#lib/tokens/renew-with'
import type { FetchToken } from '#lib/tokens/token-fetch'
import { type TokenSource, tokenSource } from '#lib/tokens/token-source'
import { failureOf, shown } from '../support/auth-failure'

const URL_OF_TOKENS = '/oauth2/token'
const AWKWARD = 'p:a%2B s/&=ü'
const AWKWARD_FORM = 'p%3Aa%252B+s%2F%26%3D%C3%BC'

const base64 = (text: string): string => Buffer.from(text).toString('base64')

function deferred<Value>() {
  let resolve!: (value: Value) => void
  let reject!: (reason: unknown) => void
  const promise = new Promise<Value>((yes, no) => {
    resolve = yes
    reject = no
  })
  return { promise, resolve, reject }
}

/** An issuer without a network, and the form and headers of each token request that it got. */
function issuer(config: AxiosRequestConfig = {}) {
  const client = axios.create({ baseURL: 'https://issuer.example', ...config })
  const mock = new MockAdapter(client)
  mock.onPost(URL_OF_TOKENS).reply(200, { access_token: 'token', token_type: 'Bearer', expires_in: 600 })
  return {
    client,
    mock,
    forms: () => (mock.history.post ?? []).map(({ data }) => [...new URLSearchParams(String(data))]),
    headers: () =>
      (mock.history.post ?? []).map(({ headers }) => Object.fromEntries(Object.entries(headers ?? {}))),
  }
}

afterEach(() => {
  jest.useRealTimers()
})

describe('the token request of client credentials', () => {
  async function sent(options: Partial<GrantOptions> = {}, config?: AxiosRequestConfig) {
    const { client, mock, forms, headers } = issuer(config)
    await tokenSource(clientCredentials(client, { url: URL_OF_TOKENS, ...options })).get()
    return { form: forms()[0], headers: headers()[0], config: mock.history.post?.[0] }
  }

  test('is a form with the grant alone where nothing else is said', async () => {
    const { form, headers, config } = await sent()
    expect(form).toEqual([['grant_type', 'client_credentials']])
    expect(headers?.['Content-Type']).toMatch(/^application\/x-www-form-urlencoded/)
    expect(headers).not.toHaveProperty('Authorization')
    expect(config).toMatchObject({ method: 'post', url: URL_OF_TOKENS })
  })

  test('follows no redirect: the credentials would go along', async () => {
    expect((await sent()).config?.maxRedirects).toBe(0)
  })

  test.each<[what: string, options: Partial<GrantOptions>, added: [string, string][]]>([
    ['a scope', { scope: 'read write' }, [['scope', 'read write']]],
    ['a list of scopes, joined', { scope: ['read', 'write'] }, [['scope', 'read write']]],
    ['an empty list of scopes', { scope: [] }, []],
    ['an empty scope', { scope: '' }, []],
    ['an audience', { audience: 'https://api.example' }, [['audience', 'https://api.example']]],
    ['a resource', { resource: 'https://a.example' }, [['resource', 'https://a.example']]],
    [
      'several resources, each by itself',
      { resource: ['https://a.example', 'https://b.example'] },
      [
        ['resource', 'https://a.example'],
        ['resource', 'https://b.example'],
      ],
    ],
    [
      'further parameters',
      { parameters: { tenant: 'acme', 'with blank': 'ü&=+' } },
      [
        ['tenant', 'acme'],
        ['with blank', 'ü&=+'],
      ],
    ],
    ['an empty further parameter', { parameters: { tenant: '' } }, [['tenant', '']]],
    [
      'all of them',
      { scope: 's', audience: 'a', resource: 'r', parameters: { p: 'q' } },
      [
        ['scope', 's'],
        ['audience', 'a'],
        ['resource', 'r'],
        ['p', 'q'],
      ],
    ],
    [
      'options that are undefined',
      { scope: undefined, audience: undefined, resource: undefined, parameters: undefined },
      [],
    ],
  ])('with %s', async (_, options, added) => {
    expect((await sent(options)).form).toEqual([['grant_type', 'client_credentials'], ...added])
  })

  test('is made anew each time, with the same parameters', async () => {
    const { client, forms } = issuer()
    const source = tokenSource(clientCredentials(client, { url: URL_OF_TOKENS, scope: 'a', clientId: 'id' }))
    await source.get()
    await source.renew()
    expect(forms()[1]).toEqual(forms()[0])
    expect(forms()[0]?.filter(([name]) => name === 'client_id')).toHaveLength(1)
  })

  test('goes to an absolute URL, too', async () => {
    const { client, mock } = issuer()
    mock.onPost('https://other.example/token').reply(200, { access_token: 'a' })
    const source = tokenSource(clientCredentials(client, { url: 'https://other.example/token' }))
    expect((await source.get()).value).toBe('a')
  })

  test.each(['grant_type', 'client_id', 'client_secret', 'refresh_token', 'scope', 'audience', 'resource'])(
    'cannot be given %s among the further parameters',
    (name) => {
      const { client } = issuer()
      const make = () => clientCredentials(client, { url: URL_OF_TOKENS, parameters: { [name]: 'x' } })
      expect(make).toThrow(TypeError)
      expect(make).toThrow(name)
    },
  )
})

describe('client authentication', () => {
  async function sent(options: Partial<GrantOptions>, config?: AxiosRequestConfig) {
    const { client, forms, headers } = issuer(config)
    await tokenSource(clientCredentials(client, { url: URL_OF_TOKENS, ...options })).get()
    return { form: Object.fromEntries(forms()[0] ?? []), authorization: headers()[0]?.Authorization }
  }

  test.each<[what: string, options: Partial<GrantOptions>, form: object, authorization: string | undefined]>([
    [
      'basic, which is the default, sends id and secret as they are',
      { clientId: 'id', clientSecret: 'secret' },
      {},
      `Basic ${base64('id:secret')}`,
    ],
    [
      'basic sends an awkward secret as it is',
      { clientId: 'id', clientSecret: AWKWARD, clientAuthentication: 'basic' },
      {},
      `Basic ${base64(`id:${AWKWARD}`)}`,
    ],
    [
      'basic-encoded form-encodes an awkward secret',
      { clientId: 'id', clientSecret: AWKWARD, clientAuthentication: 'basic-encoded' },
      {},
      `Basic ${base64(`id:${AWKWARD_FORM}`)}`,
    ],
    [
      'basic-encoded form-encodes the id, colon and all',
      { clientId: 'https://client.example/a b', clientSecret: 's', clientAuthentication: 'basic-encoded' },
      {},
      `Basic ${base64('https%3A%2F%2Fclient.example%2Fa+b:s')}`,
    ],
    [
      'basic-encoded leaves alone what the form encoding leaves alone',
      { clientId: 'plain-id_1.2', clientSecret: 'plain-secret_*.', clientAuthentication: 'basic-encoded' },
      {},
      `Basic ${base64('plain-id_1.2:plain-secret_*.')}`,
    ],
    [
      'body sends both as parameters and no header',
      { clientId: 'id', clientSecret: AWKWARD, clientAuthentication: 'body' },
      { client_id: 'id', client_secret: AWKWARD },
      undefined,
    ],
    [
      'body takes an id with a colon',
      { clientId: 'a:b', clientSecret: 's', clientAuthentication: 'body' },
      { client_id: 'a:b', client_secret: 's' },
      undefined,
    ],
    ['a public client sends its id in the body', { clientId: 'id' }, { client_id: 'id' }, undefined],
    [
      'a public client sends its id in the body though basic was chosen',
      { clientId: 'a:b', clientAuthentication: 'basic' },
      { client_id: 'a:b' },
      undefined,
    ],
    ['an empty secret is a secret', { clientId: 'id', clientSecret: '' }, {}, `Basic ${base64('id:')}`],
    [
      'a function gives the secret',
      { clientId: 'id', clientSecret: () => 's' },
      {},
      `Basic ${base64('id:s')}`,
    ],
    [
      'an async function gives the secret',
      { clientId: 'id', clientSecret: async () => AWKWARD, clientAuthentication: 'body' },
      { client_id: 'id', client_secret: AWKWARD },
      undefined,
    ],
    ['none at all is the business of the client', {}, {}, undefined],
  ])('%s', async (_, options, form, authorization) => {
    expect(await sent(options)).toEqual({
      form: { grant_type: 'client_credentials', ...form },
      authorization,
    })
  })

  test('by the client itself, with basicAuth', async () => {
    const { client, forms, headers } = issuer()
    client.interceptors.request.use(basicAuth({ username: 'id', password: AWKWARD }))
    await tokenSource(clientCredentials(client, { url: URL_OF_TOKENS })).get()
    expect(headers()[0]?.Authorization).toBe(`Basic ${base64(`id:${AWKWARD}`)}`)
    expect(forms()).toEqual([[['grant_type', 'client_credentials']]])
  })

  test('asks the function for each token request', async () => {
    const { client, headers } = issuer()
    let count = 0
    const clientSecret = () => {
      count += 1
      return `s${count}`
    }
    const source = tokenSource(
      clientCredentials(client, { url: URL_OF_TOKENS, clientId: 'id', clientSecret }),
    )
    await source.get()
    await source.get()
    await source.renew()
    expect(headers().map(({ Authorization }) => Authorization)).toEqual([
      `Basic ${base64('id:s1')}`,
      `Basic ${base64('id:s2')}`,
    ])
  })

  test.each<[what: string, clientSecret: () => string | Promise<string>]>([
    [
      'throws',
      () => {
        throw new Error('the vault is closed')
      },
    ],
    ['rejects', () => Promise.reject(new Error('the vault is closed'))],
    ['gives undefined', () => undefined as unknown as string],
    ['promises a number', () => Promise.resolve(5) as unknown as Promise<string>],
  ])('by a function that %s fails before anything is sent', async (_, clientSecret) => {
    const { client, mock } = issuer()
    const source = tokenSource(
      clientCredentials(client, { url: URL_OF_TOKENS, clientId: 'id', clientSecret }),
    )
    const failure = await failureOf(source.get())
    expect(failure.code).toBe('ERR_AUTH_CREDENTIALS')
    expect(failure.message).toContain('`clientSecret`')
    expect(mock.history).toHaveLength(0)
  })
})

describe('the token request of a refresh token', () => {
  /** An issuer that rotates: the answer to the n-th request brings `r<n>`, if `rotates`. */
  function rotating(
    options: Partial<RefreshTokenOptions> = {},
    rotates: (count: number) => string | undefined = (count) => `r${count}`,
  ) {
    const { client, mock, forms, headers } = issuer()
    let count = 0
    mock.onPost(URL_OF_TOKENS).reply(() => {
      count += 1
      return [200, { access_token: `token-${count}`, expires_in: 600, refresh_token: rotates(count) }]
    })
    const fetchToken = refreshToken(client, { url: URL_OF_TOKENS, refreshToken: 'r0', ...options })
    const used = () => forms().map((form) => Object.fromEntries(form).refresh_token)
    return { client, mock, forms, headers, used, source: tokenSource(fetchToken) }
  }

  test('is a form with the grant, the refresh token and all options', async () => {
    const { source, forms, headers } = rotating({
      scope: ['a', 'b'],
      audience: 'aud',
      resource: ['x', 'y'],
      parameters: { p: 'q' },
      clientId: 'id',
      clientSecret: 'secret',
    })
    await source.get()
    expect(forms()[0]).toEqual([
      ['grant_type', 'refresh_token'],
      ['refresh_token', 'r0'],
      ['scope', 'a b'],
      ['audience', 'aud'],
      ['resource', 'x'],
      ['resource', 'y'],
      ['p', 'q'],
    ])
    expect(headers()[0]?.Authorization).toBe(`Basic ${base64('id:secret')}`)
  })

  test('uses what rotation brought the next time', async () => {
    const { source, used } = rotating()
    for (let fetch = 0; fetch < 3; fetch += 1) await source.renew()
    expect(used()).toEqual(['r0', 'r1', 'r2'])
  })

  test.each([undefined, ''])('uses the old one on when %p comes', async (none) => {
    const { source, used } = rotating({}, (count) => (count === 2 ? 'rotated' : none))
    for (let fetch = 0; fetch < 4; fetch += 1) await source.renew()
    expect(used()).toEqual(['r0', 'r0', 'rotated', 'rotated'])
  })

  test('asks a store before each use, and takes what it says anew', async () => {
    let stored = 's0'
    const { source, used } = rotating({ refreshToken: async () => stored }, () => undefined)
    await source.renew()
    await source.renew()
    stored = 's1'
    await source.renew()
    expect(used()).toEqual(['s0', 's0', 's1'])
  })

  test('uses what rotation brought while the store says the same as before', async () => {
    let stored = 's0'
    const { source, used } = rotating({ refreshToken: () => stored })
    await source.renew()
    await source.renew()
    stored = 'by-another-process'
    await source.renew()
    await source.renew()
    expect(used()).toEqual(['s0', 'r1', 'by-another-process', 'r3'])
  })

  test('works with a store that keeps what onRotate gives it', async () => {
    let stored = 's0'
    const { source, used } = rotating({
      refreshToken: async () => stored,
      onRotate: async (rotated) => {
        stored = rotated
      },
    })
    for (let fetch = 0; fetch < 3; fetch += 1) await source.renew()
    expect(used()).toEqual(['s0', 'r1', 'r2'])
    expect(stored).toBe('r3')
  })

  test('tells onRotate of each new one once, and not of one that stays the same', async () => {
    const onRotate = jest.fn()
    const { source } = rotating({ onRotate }, (count) => ['r0', 'a', 'a', undefined, 'b'][count - 1])
    for (let fetch = 0; fetch < 5; fetch += 1) await source.renew()
    expect(onRotate.mock.calls).toEqual([['a'], ['b']])
  })

  test('gives no token before onRotate is done', async () => {
    const storing = deferred<void>()
    const onRotate = jest.fn(() => storing.promise)
    const { source } = rotating({ onRotate })
    const arrived = jest.fn()
    const waiting = source.get().finally(arrived)
    while (onRotate.mock.calls.length === 0) await turn()
    await turn()
    expect(arrived).not.toHaveBeenCalled()
    expect(source.current()).toBeUndefined()
    storing.resolve()
    expect((await waiting).value).toBe('token-1')
  })

  test.each<[what: string, fail: () => void | Promise<void>]>([
    [
      'throws',
      () => {
        throw new Error('disk full')
      },
    ],
    ['rejects', () => Promise.reject(new Error('disk full'))],
  ])('fails when onRotate %s, but the new refresh token is not lost', async (_, fail) => {
    const onRotate = jest.fn<void | Promise<void>, [string]>().mockImplementationOnce(fail)
    const { source, used } = rotating({ onRotate })
    const failure = await failureOf(source.get())
    expect(failure.code).toBe('ERR_AUTH_CREDENTIALS')
    expect(failure.message).toContain('`onRotate`')
    expect(failure.cause).toMatchObject({ message: 'disk full' })
    expect((await source.get()).value).toBe('token-2')
    expect(used()).toEqual(['r0', 'r1'])
  })

  test('offers a refresh token to onRotate again that it could not store', async () => {
    const onRotate = jest.fn<void, [string]>().mockImplementationOnce(() => {
      throw new Error('disk full')
    })
    const { source } = rotating({ onRotate }, () => 'rotated-once')
    await failureOf(source.get())
    await source.get()
    expect(onRotate.mock.calls).toEqual([['rotated-once'], ['rotated-once']])
  })

  test('is not spent by a request that fails', async () => {
    const { source, mock, used } = rotating()
    mock.resetHandlers()
    mock.onPost(URL_OF_TOKENS).replyOnce(503).onPost(URL_OF_TOKENS).reply(200, { access_token: 'token' })
    await failureOf(source.get())
    await source.get()
    expect(used()).toEqual(['r0', 'r0'])
  })

  test('keeps a rotated one though the token beside it cannot be used', async () => {
    const { source, mock, used } = rotating()
    mock.resetHandlers()
    mock
      .onPost(URL_OF_TOKENS)
      .replyOnce(200, { access_token: '', refresh_token: 'r1' })
      .onPost(URL_OF_TOKENS)
      .reply(200, { access_token: 'token' })
    expect((await failureOf(source.get())).code).toBe('ERR_AUTH_TOKEN_RESPONSE')
    await source.get()
    expect(used()).toEqual(['r0', 'r1'])
  })

  test.each<[what: string, store: () => string | Promise<string>]>([
    [
      'throws',
      () => {
        throw new Error('no store')
      },
    ],
    ['rejects', () => Promise.reject(new Error('no store'))],
    ['gives undefined', () => undefined as unknown as string],
    ['gives nothing', () => ''],
    ['gives a line break', () => 'r0\n'],
  ])('by a function that %s fails before anything is sent', async (_, store) => {
    const { source, mock } = rotating({ refreshToken: store })
    const failure = await failureOf(source.get())
    expect(failure.code).toBe('ERR_AUTH_CREDENTIALS')
    expect(failure.message).toContain('`refreshToken`')
    expect(mock.history).toHaveLength(0)
  })

  test('is used once at a time, though two sources ask at the same time', async () => {
    const answers = [deferred<void>(), deferred<void>()]
    const { client, mock, forms } = issuer()
    mock.onPost(URL_OF_TOKENS).reply(async () => {
      const count = forms().length
      await answers[count - 1]?.promise
      return [200, { access_token: `token-${count}`, refresh_token: `r${count}` }]
    })
    const fetchToken = refreshToken(client, { url: URL_OF_TOKENS, refreshToken: 'r0' })
    const waiting = Promise.all([tokenSource(fetchToken).get(), tokenSource(fetchToken).get()])
    while (forms().length === 0) await turn()
    await turn()
    expect(forms()).toHaveLength(1)
    for (const answer of answers) answer.resolve()
    expect((await waiting).map(({ value }) => value)).toEqual(['token-1', 'token-2'])
    expect(forms().map((form) => Object.fromEntries(form).refresh_token)).toEqual(['r0', 'r1'])
  })

  test('without a refresh token it says what to do', async () => {
    const { client, forms } = issuer()
    const failure = await failureOf(tokenSource(refreshToken(client, { url: URL_OF_TOKENS })).get())
    expect(failure.code).toBe('ERR_AUTH_CREDENTIALS')
    expect(failure.message).toMatch(
      /^There is no refresh token: give one as `refreshToken`, or begin with a login/,
    )
    expect(forms()).toEqual([])
  })

  test.each([5, null, '', { of: 'r1' }])(
    'a new one that is %p is none: the old one stays in use',
    async (next) => {
      const onRotate = jest.fn()
      const { source, used } = rotating({ onRotate }, () => next as string)
      await source.renew()
      await source.renew()
      expect(used()).toEqual(['r0', 'r0'])
      expect(onRotate).not.toHaveBeenCalled()
    },
  )

  test('a login that brings none stores nothing', async () => {
    const { client } = issuer()
    const onRotate = jest.fn()
    const renew = refreshToken(client, { url: URL_OF_TOKENS, onRotate })
    expect((await tokenSource(renewWith(renew, () => ({ value: 'a' }))).get()).value).toBe('a')
    expect(onRotate).not.toHaveBeenCalled()
  })

  test('what a login brought is offered to onRotate again if it could not be stored', async () => {
    const { client, mock } = issuer()
    mock.onPost(URL_OF_TOKENS).reply(200, { access_token: 'renewed' })
    const onRotate = jest.fn<Promise<void>, [string]>(async () => undefined)
    onRotate.mockRejectedValueOnce(new Error('the store is closed'))
    const renew = refreshToken(client, { url: URL_OF_TOKENS, onRotate })
    const source = tokenSource(renewWith(renew, () => ({ value: 'a', refresh_token: 'from-login' })))
    await source.get()
    expect((await source.renew()).value).toBe('renewed')
    expect(onRotate.mock.calls).toEqual([['from-login'], ['from-login']])
  })

  test('is used once at a time, also when one that waits for its turn is given up', async () => {
    const { client, mock, forms } = issuer()
    const answers: (() => void)[] = []
    mock.onPost(URL_OF_TOKENS).reply(async () => {
      const count = forms().length
      await new Promise<void>((resolve) => answers.push(resolve))
      return [200, { access_token: `token-${count}`, refresh_token: `r${count}` }]
    })
    const fetchToken = refreshToken(client, { url: URL_OF_TOKENS, refreshToken: 'r0' })
    const [first, second, third] = [1, 2, 3].map(() => tokenSource(fetchToken))
    const one = first?.get()
    const two = second && failureOf(second.get())
    second?.clear()
    const three = third?.get()
    while (answers.length === 0) await turn()
    await turn()
    expect(answers).toHaveLength(1)
    answers.shift()?.()
    expect((await one)?.value).toBe('token-1')
    expect((await two)?.code).toBe('ERR_AUTH_TOKEN_CLEARED')
    while (answers.length === 0) await turn()
    answers.shift()?.()
    expect((await three)?.value).toBe('token-2')
    expect(forms().map((form) => Object.fromEntries(form).refresh_token)).toEqual(['r0', 'r1'])
  })

  test.each<[what: string, hang: (never: Promise<never>) => Partial<RefreshTokenOptions>]>([
    [
      'a store',
      (never) => ({
        refreshToken: jest.fn<string | Promise<string>, []>(() => 'r0').mockReturnValueOnce(never),
      }),
    ],
    [
      'onRotate',
      (never) => ({ onRotate: jest.fn<void | Promise<void>, [string]>().mockReturnValueOnce(never) }),
    ],
    [
      'a client secret',
      (never) => ({
        clientId: 'id',
        clientSecret: jest.fn<string | Promise<string>, []>(() => 's').mockReturnValueOnce(never),
      }),
    ],
  ])('that hangs in %s does not hold up all that come after its timeout', async (_, hang) => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] })
    const { client, mock } = issuer()
    mock.onPost(URL_OF_TOKENS).reply(200, { access_token: 'token', refresh_token: 'r1' })
    const fetchToken = refreshToken(client, {
      url: URL_OF_TOKENS,
      refreshToken: 'r0',
      ...hang(new Promise(() => undefined)),
    })
    const source = tokenSource(fetchToken, { timeout: 20 })
    const first = failureOf(source.get())
    await jest.advanceTimersByTimeAsync(20)
    expect((await first).code).toBe('ERR_AUTH_TOKEN_TIMEOUT')
    const second = source.get().then(
      ({ value }) => value,
      ({ code }: AuthError) => code,
    )
    await jest.advanceTimersByTimeAsync(20)
    expect(await second).toBe('token')
  })

  test('two grants made of the same options do not share what rotation brought', async () => {
    const first = rotating()
    const second = rotating()
    await first.source.renew()
    await second.source.renew()
    expect(second.used()).toEqual(['r0'])
  })
})

describe('an error shows no secret at any depth', () => {
  const secret = AWKWARD
  const refresh = 'refresh-5e1f9a'
  const traces = [
    secret,
    AWKWARD_FORM,
    base64(`id:${secret}`),
    base64(`id:${AWKWARD_FORM}`),
    encodeURIComponent(secret),
    refresh,
  ]

  const grants: [how: string, make: (client: Parameters<typeof clientCredentials>[0]) => FetchToken][] = (
    ['basic', 'basic-encoded', 'body'] as const
  ).flatMap(
    (clientAuthentication): [string, (client: Parameters<typeof clientCredentials>[0]) => FetchToken][] => {
      const options = { url: URL_OF_TOKENS, clientId: 'id', clientSecret: secret, clientAuthentication }
      return [
        [`client credentials, ${clientAuthentication}`, (client) => clientCredentials(client, options)],
        [
          `a refresh token, ${clientAuthentication}`,
          (client) => refreshToken(client, { ...options, refreshToken: refresh }),
        ],
      ]
    },
  )

  const failures: [what: string, arm: (context: ReturnType<typeof issuer>) => void][] = [
    ['400 with an OAuth error', ({ mock }) => mock.onPost().reply(400, { error: 'invalid_client' })],
    ['401 without a body', ({ mock }) => mock.onPost().reply(401)],
    ['500 with what was sent', ({ mock }) => mock.onPost().reply(({ data }) => [500, `<pre>${data}</pre>`])],
    [
      'an error that repeats what was sent',
      ({ mock }) =>
        mock.onPost().reply(({ data, headers }) => {
          const said = `got ${data} and ${headers?.Authorization} for ${secret} and ${AWKWARD_FORM}`
          return [
            401,
            { error: 'invalid_client', error_description: said, error_uri: `https://a.example/?${data}` },
          ]
        }),
    ],
    ['302', ({ mock }) => mock.onPost().reply(302, '', { location: '/elsewhere' })],
    ['no network', ({ mock }) => mock.onPost().networkError()],
    ['a timeout', ({ mock }) => mock.onPost().timeout()],
    ['200 with what was sent', ({ mock }) => mock.onPost().reply(({ data }) => [200, data])],
    ['200 without a token', ({ mock }) => mock.onPost().reply(({ data }) => [200, { echo: data }])],
    [
      '200 with an unusable token',
      ({ mock }) => mock.onPost().reply(({ data }) => [200, { access_token: `${data} ` }]),
    ],
    [
      'an adapter that throws',
      ({ client }) => Object.assign(client.defaults, { adapter: () => Promise.reject(new Error('broken')) }),
    ],
    [
      'an interceptor of the client that fails',
      ({ client }) =>
        client.interceptors.request.use(
          apiKeyAuth({ name: 'X-Key', value: () => Promise.reject(new Error('closed')) }),
        ),
    ],
    [
      'an origin of the client that is not safe',
      ({ client }) => {
        client.defaults.baseURL = 'http://issuer.example'
        client.interceptors.request.use(apiKeyAuth({ name: 'X-Key', value: 'k' }))
      },
    ],
  ]

  describe.each(failures)('%s', (_, arm) => {
    test.each(grants)('%s', async (_, make) => {
      const context = issuer()
      context.mock.resetHandlers()
      arm(context)
      const source: TokenSource = tokenSource(make(context.client))
      const failure = await failureOf(source.get())
      for (const trace of traces) expect(shown(failure)).not.toContain(trace)
    })
  })

  test('nor does what comes when it failed too often', async () => {
    const { client, mock } = issuer()
    mock.resetHandlers()
    mock.onPost().reply(401)
    const options = {
      url: URL_OF_TOKENS,
      clientId: 'id',
      clientSecret: secret,
      clientAuthentication: 'body',
    } as const
    const source = tokenSource(clientCredentials(client, options))
    for (let failure = 0; failure < 5; failure += 1) await failureOf(source.get())
    const failure = await failureOf(source.get())
    expect(failure.code).toBe('ERR_AUTH_TOKEN_THROTTLED')
    for (const trace of traces) expect(shown(failure)).not.toContain(trace)
  })

  test('nor does what is printed of a grant', () => {
    const { client } = issuer()
    const options = { url: URL_OF_TOKENS, clientId: 'id', clientSecret: secret, refreshToken: refresh }
    const grant = refreshToken(client, options)
    for (const trace of traces) expect(inspect(grant, { showHidden: true, depth: null })).not.toContain(trace)
  })
})
