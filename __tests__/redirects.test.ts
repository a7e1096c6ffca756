import axios from 'axios'
import { apiKeyAuth, bearerAuth, clientCredentials, type TravelOptions, tokenSource } from '#lib'
import { failureOf } from './support/auth-failure'
import { startServer } from './support/servers'

type Server = Awaited<ReturnType<typeof startServer>>

const SECRET = 'fake-secret/+ü 1'.replace('ü', 'u')

/** Each way in which credentials travel, and how a server finds them in a request. */
const placements = [
  ['Authorization', (options?: Pick<TravelOptions, 'origins'>) => bearerAuth('fake-token', options)],
  [
    'a custom header',
    (options?: Pick<TravelOptions, 'origins'>) =>
      apiKeyAuth({ name: 'X-API-Key', value: 'fake-key' }, options),
  ],
  [
    'the query',
    (options?: Pick<TravelOptions, 'origins'>) =>
      apiKeyAuth({ name: 'api_key', value: SECRET, in: 'query' }, options),
  ],
  [
    'a cookie',
    (options?: Pick<TravelOptions, 'origins'>) =>
      apiKeyAuth({ name: 'sid', value: 'fake-cookie', in: 'cookie' }, options),
  ],
] as const

function hasCredentials({ url, headers }: Server['requests'][0]): boolean {
  const { authorization, 'x-api-key': key, cookie = '' } = headers
  const param = new URL(url, 'http://localhost').searchParams.getAll('api_key')
  return (
    authorization === 'Bearer fake-token' ||
    key === 'fake-key' ||
    cookie.includes('sid=fake-cookie') ||
    (param.length === 1 && param[0] === SECRET)
  )
}

const traceless = ({ url, headers, body }: Server['requests'][0]): boolean =>
  !/fake-(?!mine)/.test(JSON.stringify([url, headers, body.toString()]))

describe.each(['http', 'fetch'])('over the %s adapter', (adapter) => {
  describe.each(placements)('credentials in %s', (_, auth) => {
    /** Two servers: `/to?...` on either redirects to its parameter `next`. */
    async function twoServers() {
      const answer: Parameters<typeof startServer>[0] = (request, response) => {
        const { searchParams } = new URL(request.url ?? '', 'http://localhost')
        const next = searchParams.get('next')
        if (next === null) response.end('arrived')
        else response.writeHead(Number(searchParams.get('status') ?? 302), { location: next }).end()
      }
      return { home: await startServer(answer), foreign: await startServer(answer) }
    }
    const redirect = (to: string, status = 302): string =>
      `/to?status=${status}&next=${encodeURIComponent(to)}`

    test.each([301, 302, 303, 307, 308])('a redirect (%d) to another origin loses them', async (status) => {
      const { home, foreign } = await twoServers()
      const api = axios.create({ baseURL: home.url, adapter })
      api.interceptors.request.use(auth())
      const { data } = await api.post(redirect(`${foreign.url}/there?a=1`, status), 'a body', {
        headers: { 'X-Mine': 'fake-mine', Cookie: 'mine=fake-mine' },
      })
      expect(data).toBe('arrived')
      expect(home.requests.map(hasCredentials)).toEqual([true])
      expect(foreign.requests.map(traceless)).toEqual([true])
      const [sent] = foreign.requests
      expect([sent?.method, sent?.body.toString(), sent?.headers['x-mine']]).toEqual(
        status > 303 ? ['POST', 'a body', 'fake-mine'] : ['GET', '', 'fake-mine'],
      )
    })

    test('a redirect within the origin keeps them', async () => {
      const { home } = await twoServers()
      const api = axios.create({ baseURL: home.url, adapter })
      api.interceptors.request.use(auth())
      await api.get(redirect(redirect('/here?a=b%20c')), { params: { q: 1 } })
      expect(home.requests.map(hasCredentials)).toEqual([true, true, true])
      expect(home.requests.at(-1)?.url.replace(/[?&]api_key=[^&]*/, '')).toBe('/here?a=b%20c')
    })

    test('on a way out and back they are there, gone, and there again', async () => {
      const { home, foreign } = await twoServers()
      const api = axios.create({ baseURL: home.url, adapter })
      api.interceptors.request.use(auth())
      await api.get(redirect(foreign.url + redirect(`${home.url}/back`)))
      expect(home.requests.map(hasCredentials)).toEqual([true, true])
      expect(foreign.requests.map(traceless)).toEqual([true])
    })

    test('a redirect to another listed origin keeps them', async () => {
      const { home, foreign } = await twoServers()
      const api = axios.create({ baseURL: home.url, adapter })
      api.interceptors.request.use(auth({ origins: [home.url, foreign.url] }))
      await api.get(redirect(`${foreign.url}/there`))
      expect([...home.requests, ...foreign.requests].map(hasCredentials)).toEqual([true, true])
    })

    test('a foreign target that echoes our query is cleaned', async () => {
      const foreign = await startServer((_, response) => response.end('arrived'))
      const home = await startServer((request, response) =>
        response.writeHead(302, { location: foreign.url + request.url }).end(),
      )
      const api = axios.create({ baseURL: home.url, adapter })
      api.interceptors.request.use(auth())
      await api.get('/things?a=1')
      expect(foreign.requests.map(traceless)).toEqual([true])
      expect(foreign.requests[0]?.url).toBe('/things?a=1')
    })

    test('the response shows no credentials, wherever it came from', async () => {
      const { home } = await twoServers()
      const api = axios.create({ baseURL: home.url, adapter })
      api.interceptors.request.use(auth())
      const response = await api.get(redirect('/here'))
      expect(response.config.url).toBe(redirect('/here'))
      expect(JSON.stringify(response.config)).not.toMatch(/fake-/)
      const { request } = response as { request: { res?: { responseUrl: string }; url?: string } }
      expect(String(request.res?.responseUrl ?? request.url)).not.toMatch(/fake-/)
    })
  })

  test('redirects that never end are an error', async () => {
    const home = await startServer((_, response) => response.writeHead(302, { location: '/again' }).end())
    const api = axios.create({ baseURL: home.url, adapter })
    api.interceptors.request.use(bearerAuth('fake-token'))
    await expect(api.get('/things')).rejects.toMatchObject({
      isAxiosError: true,
      code: 'ERR_FR_TOO_MANY_REDIRECTS',
      message: expect.stringContaining('Maximum number of redirects exceeded'),
      config: { url: '/things' },
    })
    expect(home.requests.length).toBeLessThanOrEqual(22)
  })

  test('a caller that wants no redirects gets the redirect itself', async () => {
    const home = await startServer((_, response) => response.writeHead(302, { location: '/again' }).end())
    const api = axios.create({ baseURL: home.url, adapter, maxRedirects: 0 })
    api.interceptors.request.use(bearerAuth('fake-token'))
    await expect(api.get('/things')).rejects.toMatchObject({ response: { status: 302 } })
    expect(home.requests).toHaveLength(1)
  })

  test('a token refused behind a redirect is renewed, and the replay takes the same way', async () => {
    const home = await startServer((request, response) => {
      if (request.url === '/old') response.writeHead(307, { location: '/new' }).end()
      else response.writeHead(request.headers.authorization === 'Bearer fake-2' ? 200 : 401).end()
    })
    const api = axios.create({ baseURL: home.url, adapter })
    let calls = 0
    api.interceptors.request.use(bearerAuth(() => `fake-${++calls}`))
    await api.post('/old', { a: 1 })
    expect(home.requests.map(({ url, body }) => url + body.toString())).toEqual([
      '/old{"a":1}',
      '/new{"a":1}',
      '/old{"a":1}',
      '/new{"a":1}',
    ])
  })

  test('two interceptors keep their own credentials apart on a redirect', async () => {
    const foreign = await startServer((_, response) => response.end('arrived'))
    const home = await startServer((_, response) =>
      response.writeHead(302, { location: `${foreign.url}/there` }).end(),
    )
    const api = axios.create({ baseURL: home.url, adapter })
    api.interceptors.request.use(bearerAuth('fake-token'))
    api.interceptors.request.use(
      apiKeyAuth({ name: 'X-API-Key', value: 'fake-key' }, { origins: [home.url, foreign.url] }),
    )
    await api.get('/things')
    expect(home.requests[0]?.headers).toMatchObject({
      authorization: 'Bearer fake-token',
      'x-api-key': 'fake-key',
    })
    expect(foreign.requests[0]?.headers['x-api-key']).toBe('fake-key')
    expect(foreign.requests[0]?.headers.authorization).toBeUndefined()
  })
})

test.each(['http', 'fetch'])(
  'fetchOptions that ask for redirects do not open a way around the protection space: %s',
  async (adapter) => {
    const foreign = await startServer((_, response) => response.end('arrived'))
    const home = await startServer((_, response) =>
      response.writeHead(302, { location: `${foreign.url}/there` }).end(),
    )
    const api = axios.create({ baseURL: home.url, adapter, fetchOptions: { redirect: 'follow' } })
    api.interceptors.request.use(apiKeyAuth({ name: 'X-API-Key', value: 'fake-key' }))
    await api.get('/things')
    expect(foreign.requests.map(traceless)).toEqual([true])
  },
)

test.each(['http', 'fetch'])(
  'a header that was undefined in another case loses them, too: %s',
  async (adapter) => {
    const foreign = await startServer((_, response) => response.end('arrived'))
    const home = await startServer((_, response) => {
      if (home.requests.length === 1) response.writeHead(401).end()
      else response.writeHead(302, { location: `${foreign.url}/there` }).end()
    })
    const api = axios.create({ baseURL: home.url, adapter, headers: { 'x-token': undefined } })
    let calls = 0
    api.interceptors.request.use(bearerAuth(() => `fake-${++calls}`, { name: 'X-Token' }))
    const { config } = await api.get('/things')
    expect(home.requests.map(({ headers }) => headers['x-token'])).toEqual(['fake-1', 'fake-2'])
    expect(foreign.requests.map(({ headers }) => headers['x-token'])).toEqual([undefined])
    expect(JSON.stringify(config.headers)).not.toContain('fake')
  },
)

test('my own beforeRedirect is still called, and cannot bring the credentials to another origin', async () => {
  const foreign = await startServer((_, response) => response.end('arrived'))
  const home = await startServer((_, response) => response.writeHead(302, { location: '/here' }).end())
  const seen: string[] = []
  const { port } = new URL(foreign.url)
  const beforeRedirect = (options: Record<string, unknown>): void => {
    seen.push(String(options.href))
    Object.assign(options, { port: Number(port), host: undefined })
  }
  const api = axios.create({ baseURL: home.url, beforeRedirect })
  api.interceptors.request.use(bearerAuth('fake-token'))
  await api.get('/things')
  expect(seen).toEqual([`${home.url}/here`])
  expect(foreign.requests.map(traceless)).toEqual([true])
})

test('what I say to fetch is said on each way that we follow by hand', async () => {
  const home = await startServer(({ url }, response) => {
    if (url === '/old') response.writeHead(302, { location: '/new' }).end()
    else response.end()
  })
  const fetch = jest.spyOn(globalThis, 'fetch')
  const api = axios.create({ baseURL: home.url, adapter: 'fetch', fetchOptions: { cache: 'no-store' } })
  api.interceptors.request.use(bearerAuth('fake-token'))
  await api.get('/old')
  const sent = fetch.mock.calls.map(([request]) => request as Request)
  fetch.mockRestore()
  expect(sent.map(({ url, cache }) => [new URL(url).pathname, cache])).toEqual([
    ['/old', 'no-store'],
    ['/new', 'no-store'],
  ])
})

test('user-info and Authorization of the caller do not follow a cross-origin redirect that we follow by hand', async () => {
  const foreign = await startServer((_, response) => response.end('arrived'))
  const home = await startServer((_, response) =>
    response.writeHead(302, { location: `${foreign.url}/there` }).end(),
  )
  const api = axios.create({
    baseURL: home.url,
    adapter: 'fetch',
    auth: { username: 'fake-me', password: 'fake-own' },
  })
  api.interceptors.request.use(apiKeyAuth({ name: 'X-API-Key', value: 'fake-key' }))
  await api.get('/things')
  expect(home.requests[0]?.headers.authorization).toMatch(/^Basic /)
  expect(foreign.requests.map(traceless)).toEqual([true])
  expect(foreign.requests[0]?.headers.authorization).toBeUndefined()
})

test.each(['http', 'fetch'])('a redirect of the token endpoint is not followed: %s', async (adapter) => {
  const foreign = await startServer((_, response) => response.end('arrived'))
  const moved = await startServer((_, response) =>
    response.writeHead(307, { location: `${foreign.url}/token` }).end(),
  )
  const issuer = axios.create({ baseURL: moved.url, adapter })
  const credentials = {
    clientId: 'fake-id',
    clientSecret: 'fake-secret',
    clientAuthentication: 'body',
  } as const
  const source = tokenSource(clientCredentials(issuer, { url: '/token', ...credentials }))
  expect(await failureOf(source.get())).toMatchObject({ code: 'ERR_AUTH_TOKEN_REQUEST', status: 307 })
  expect([moved.requests.length, foreign.requests.length]).toEqual([1, 0])
})
