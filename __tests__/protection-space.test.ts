import axios, { type AxiosAdapter, type AxiosRequestConfig } from 'axios'
import { type AuthError, type AuthEvent, apiKeyAuth, basicAuth, bearerAuth, type TravelOptions } from '#lib'
import { sinceAxios } from './support/since-axios'

/** An instance whose adapter notes what would be sent. */
function recording(config: AxiosRequestConfig = {}) {
  const sent: { authorization: unknown; key: unknown; params: unknown; cookie: unknown }[] = []
  const adapter: AxiosAdapter = (config) => {
    sent.push({
      authorization: config.headers.get('Authorization'),
      key: config.headers.get('X-API-Key'),
      params: config.params as unknown,
      cookie: config.headers.get('Cookie'),
    })
    return Promise.resolve({ data: '', status: 200, statusText: 'OK', headers: {}, config })
  }
  return { api: axios.create({ adapter, ...config }), sent }
}

const basic = (options?: TravelOptions) =>
  basicAuth({ username: 'fake-user', password: 'fake-password' }, options)
const IS_SENT = expect.stringMatching(/^Basic /)

/** What a request carried, or the code of the error that it failed with. */
async function carried(config: AxiosRequestConfig, options?: TravelOptions): Promise<unknown> {
  const { api, sent } = recording()
  api.interceptors.request.use(basic(options))
  try {
    await api.request(config)
  } catch (error) {
    return (error as AuthError).code
  }
  return sent[0]?.authorization
}

describe('without `origins` the credentials go to the origin of the baseURL', () => {
  const baseURL = 'https://api.example.com/v1'
  test.each([
    ['a path', 'things'],
    ['a path with a slash', '/things'],
    ['an empty url', ''],
    ['an absolute URL of the same origin', 'https://api.example.com/other'],
    ['the same origin in upper case', 'HTTPS://API.EXAMPLE.COM/things'],
    ['the same origin with its usual port', 'https://api.example.com:443/things'],
    ['what only looks like user-info in a path', '@evil.example/things'],
    ['what looks absolute after a blank, and is a path for axios', ' https://evil.example/'],
    ['what looks absolute but for a tab, and is a path for axios', 'https:/\t/evil.example/'],
    ['backslashes, which are a path for axios', '\\\\evil.example\\things'],
    ['a path that climbs', '../../../things'],
  ])('%s is sent with them', async (_, url) => {
    expect(await carried({ baseURL, url })).toEqual(IS_SENT)
  })

  test.each([
    ['another host', 'https://evil.example/things'],
    ['a protocol-relative URL', '//evil.example/things'],
    ['a user-info look-alike', 'https://api.example.com@evil.example/things'],
    ['a user-info look-alike with a password', 'https://api.example.com:x@evil.example/things'],
    ['a host that begins alike', 'https://api.example.com.evil.example/things'],
    ['a subdomain', 'https://sub.api.example.com/things'],
    ['another port', 'https://api.example.com:8443/things'],
    ['plain http', 'http://api.example.com/things'],
    ['a backslash before the at sign', 'https://evil.example\\@api.example.com/'],
    ['another host in upper case', 'HTTPS://EVIL.EXAMPLE/things'],
    ['a host with a trailing dot', 'https://api.example.com./things'],
  ])('%s is sent without them', async (_, url) => {
    expect(await carried({ baseURL, url })).toBeUndefined()
  })

  // axios before 1.8.0 does not know `allowAbsoluteUrls`, and before 1.8.3 some of its adapters: the URL is absolute.
  sinceAxios('1.8.3').test(
    'an absolute URL that axios is told to treat as a path is sent with them',
    async () => {
      expect(await carried({ baseURL, url: 'https://evil.example/', allowAbsoluteUrls: false })).toEqual(
        IS_SENT,
      )
    },
  )

  test('the baseURL of the request counts, not that of the instance', async () => {
    const { api, sent } = recording({ baseURL })
    api.interceptors.request.use(basic())
    await api.get('/things', { baseURL: 'https://other.example' })
    await api.get('https://api.example.com/things', { baseURL: 'https://other.example' })
    expect(sent.map(({ authorization }) => authorization)).toEqual([IS_SENT, undefined])
  })

  test('what a later interceptor makes of the URL counts', async () => {
    const { api, sent } = recording({ baseURL })
    api.interceptors.request.use((config) => Object.assign(config, { url: 'https://evil.example/' }))
    api.interceptors.request.use(basic())
    await api.get('/things')
    expect(sent[0]?.authorization).toBeUndefined()
  })

  test.each(['http://localhost:3000', 'http://127.0.0.1:3000', 'http://[::1]:3000', 'http://app.localhost'])(
    'plain http on this machine is fine: %s',
    async (baseURL) => {
      expect(await carried({ baseURL, url: '/things' })).toEqual(IS_SENT)
    },
  )

  test('another origin under a plain-http baseURL is simply sent without them', async () => {
    expect(
      await carried({ baseURL: 'http://api.example.com', url: 'https://other.example/' }),
    ).toBeUndefined()
  })

  test('a relative URL without a baseURL stays on this machine and is sent with them', async () => {
    expect(await carried({ url: '/things' })).toEqual(IS_SENT)
  })
})

test.each<[string, AxiosRequestConfig, string]>([
  [
    'an absolute URL without a baseURL',
    { url: 'https://api.example.com/things?key=kept-to-itself' },
    'the request has an absolute URL and no `baseURL`. If they may go there, list it: { origins: ["https://api.example.com"] }',
  ],
  [
    'plain http',
    { baseURL: 'http://api.example.com', url: '/things' },
    'http://api.example.com is not https. If they may go there, list it: { origins: ["http://api.example.com"] }',
  ],
  [
    'what is no URL of the web',
    { url: 'ftp://files.example.com/things' },
    'the request has an absolute URL and no `baseURL`. If they may go there, list it: { origins: ["https://api.example.com"] }',
  ],
  [
    'what only begins like it',
    { url: 'httpx://files.example.com/things' },
    'the request has an absolute URL and no `baseURL`. If they may go there, list it: { origins: ["https://api.example.com"] }',
  ],
])('a refusal says what to do, and for which request: %s', async (_, config, message) => {
  const { api, sent } = recording()
  api.interceptors.request.use(basic())
  await expect(api.request(config)).rejects.toMatchObject({
    code: 'ERR_AUTH_ORIGIN',
    message: `The credentials were not sent, for ${message}`,
    config: { url: config.url },
  })
  expect(sent).toHaveLength(0)
})

describe('with `origins`', () => {
  const options = {
    origins: ['https://api.example.com', 'http://intranet.example:8080', 'HTTPS://Mixed.Example/'],
  }
  test.each([
    ['https://api.example.com/things', true],
    ['http://intranet.example:8080/things', true],
    ['https://mixed.example/', true],
    ['http://api.example.com/things', false],
    ['https://intranet.example:8080/', false],
    ['data:text/plain,hello', false],
  ])('%s: %s', async (url, isSent) => {
    expect(await carried({ url }, options)).toEqual(isSent ? IS_SENT : undefined)
  })

  test('a listed origin counts, and the baseURL no longer does', async () => {
    expect(await carried({ baseURL: 'https://base.example', url: '/things' }, options)).toBeUndefined()
  })

  test('a single origin needs no list', async () => {
    expect(
      await carried({ url: 'https://api.example.com/' }, { origins: 'https://api.example.com' }),
    ).toEqual(IS_SENT)
  })

  test('a function is asked with params as my paramsSerializer writes them', async () => {
    const origins = jest.fn(() => true)
    await carried(
      {
        url: 'https://api.example.com/things',
        params: { a: [1, 2] },
        paramsSerializer: { serialize: () => 'a=1,2' },
      },
      { origins },
    )
    expect(origins.mock.calls.map((args: unknown[]) => String(args[0]))).toEqual([
      'https://api.example.com/things?a=1,2',
    ])
  })

  test('a function is asked with the URL that will be requested, params included', async () => {
    const asked: string[] = []
    const origins = (url: URL): boolean => asked.push(url.href) > 0 && url.pathname.startsWith('/private/')
    const baseURL = 'https://api.example.com'
    expect(await carried({ baseURL, url: '/private/x', params: { q: 'a b' } }, { origins })).toEqual(IS_SENT)
    expect(await carried({ baseURL, url: '/public/x' }, { origins })).toBeUndefined()
    expect(asked).toEqual(['https://api.example.com/private/x?q=a+b', 'https://api.example.com/public/x'])
  })

  test('a function that answers anything but true or false is an error, not a yes', async () => {
    expect(
      await carried(
        { url: 'https://api.example.com/' },
        { origins: (() => Promise.resolve(false)) as never },
      ),
    ).toBe('ERR_AUTH_ORIGIN')
  })

  test('and the error says so', async () => {
    const { api } = recording()
    api.interceptors.request.use(basic({ origins: (() => 'yes') as never }))
    await expect(api.get('https://api.example.com/')).rejects.toThrow(
      '`origins` must answer true or false, not string',
    )
  })

  test('one token serves the four hosts of an API', async () => {
    const { api, sent } = recording()
    const hosts = ['a', 'b', 'c', 'd'].map((name) => `https://${name}.example.com`)
    let calls = 0
    api.interceptors.request.use(bearerAuth(() => `fake-token-${++calls}`, { origins: hosts }))
    await Promise.all(hosts.map((host) => api.get(`${host}/things`)))
    expect(sent.map(({ authorization }) => authorization)).toEqual(hosts.map(() => 'Bearer fake-token-1'))
  })
})

describe('a request with credentials of its own keeps them', () => {
  const baseURL = 'https://api.example.com'
  test.each<[string, AxiosRequestConfig, unknown]>([
    ['an Authorization header', { headers: { authorization: 'Bearer mine' } }, 'Bearer mine'],
    ['an Authorization header that is switched off', { headers: { Authorization: false } }, false],
    ['auth', { auth: { username: 'me', password: 'mine' } }, undefined],
    ['user-info in the URL', { url: 'https://me:mine@api.example.com/' }, undefined],
    ['a user without a password in the URL', { url: 'https://me@api.example.com/' }, undefined],
    ['user-info in the baseURL', { baseURL: 'https://me:mine@api.example.com/' }, undefined],
    ['authenticate: false', { authenticate: false }, undefined],
  ])('%s', async (_, config, expected) => {
    const { api, sent } = recording({ baseURL })
    const calls = jest.fn(() => 'fake-token')
    api.interceptors.request.use(bearerAuth(calls))
    await api.request({ url: '/things', ...config })
    expect(sent[0]?.authorization).toBe(expected)
    expect(calls).not.toHaveBeenCalled()
  })

  test('a URL without a user has none: a password alone is what nobody sends', async () => {
    const { api, sent } = recording({ baseURL })
    api.interceptors.request.use(bearerAuth('fake-token'))
    await api.get('https://:mine@api.example.com/')
    await api.get('/things/@me')
    expect(sent.map(({ authorization }) => authorization)).toEqual(['Bearer fake-token', 'Bearer fake-token'])
  })

  test('it is not replayed when it is refused', async () => {
    let sends = 0
    const refuse: AxiosAdapter = (config) => {
      sends += 1
      return Promise.resolve({ data: '', status: 401, statusText: '', headers: {}, config })
    }
    const api = axios.create({ baseURL, adapter: refuse })
    api.interceptors.request.use(bearerAuth(() => 'fake-token'))
    await api.get('/things', { headers: { Authorization: 'Bearer mine' } })
    expect(sends).toBe(1)
  })

  test('an API key in its own header, query or cookie', async () => {
    const { api, sent } = recording({ baseURL })
    api.interceptors.request.use(apiKeyAuth({ name: 'X-API-Key', value: 'fake-ours' }))
    api.interceptors.request.use(apiKeyAuth({ name: 'key', value: 'fake-ours', in: 'query' }))
    api.interceptors.request.use(apiKeyAuth({ name: 'sid', value: 'fake-ours', in: 'cookie' }))
    await api.get('/things', {
      headers: { 'x-api-key': 'mine', Cookie: 'a=b; sid=mine' },
      params: { key: 'mine' },
    })
    await api.get('/things?key=mine', { params: new URLSearchParams({ other: 'x' }) })
    expect(sent[0]).toMatchObject({ key: 'mine', params: { key: 'mine' }, cookie: 'a=b; sid=mine' })
    expect(String(sent[1]?.params)).toBe('other=x')
  })

  test('events say which request went without, and why', async () => {
    const { api } = recording({ baseURL })
    const events: AuthEvent[] = []
    api.interceptors.request.use(basic({ onEvent: (event) => events.push(event) }))
    await api.get('/things', { authenticate: false })
    await api.get('https://other.example/')
    await api.get('/things', { headers: { Authorization: 'mine' } })
    expect(events).toEqual([
      { type: 'skipped', reason: 'opted-out', origin: 'https://api.example.com' },
      { type: 'skipped', reason: 'origin', origin: 'https://other.example' },
      { type: 'skipped', reason: 'own-credentials', origin: 'https://api.example.com' },
    ])
  })
})

describe('several interceptors on one instance', () => {
  test.each([[[0, 1]], [[1, 0]]])(
    'an API key and a bearer token travel together, in order %j',
    async (order) => {
      const { api, sent } = recording({ baseURL: 'https://api.example.com' })
      const both = [apiKeyAuth({ name: 'X-API-Key', value: 'fake-key' }), bearerAuth(() => 'fake-token')]
      for (const at of order) api.interceptors.request.use(both[at] as (typeof both)[0])
      await api.get('/things')
      expect(sent[0]).toMatchObject({ authorization: 'Bearer fake-token', key: 'fake-key' })
    },
  )

  test.each([[['a', 'b']], [['b', 'a']]])(
    'two bearers for two origins each get their own, in order %j',
    async (order) => {
      const { api, sent } = recording()
      for (const name of order) {
        api.interceptors.request.use(
          bearerAuth(() => `fake-token-${name}`, { origins: `https://${name}.example.com` }),
        )
      }
      for (const name of ['a', 'b', 'c']) await api.get(`https://${name}.example.com/`)
      expect(sent.map(({ authorization }) => authorization)).toEqual([
        'Bearer fake-token-a',
        'Bearer fake-token-b',
        undefined,
      ])
    },
  )
})
