import { createHash } from 'node:crypto'
import { Readable } from 'node:stream'
import axios, { type AxiosError, type AxiosRequestConfig, type AxiosResponse } from 'axios'
import { type AuthRequest, type AuthScheme, apiKeyAuth, authInterceptor, type TravelOptions } from '#lib'
import { startServer } from './support/servers'
import { traces } from './support/traces'

type Server = Awaited<ReturnType<typeof startServer>>

const failureOf = (request: Promise<unknown>): Promise<AxiosError> =>
  request.then(
    () => Promise.reject(new Error('it was served')),
    (error: unknown) => error as AxiosError,
  )

const signatureOf = (method: string, url: string): string =>
  `sig-${createHash('sha256').update(`fake-key ${method} ${url}`).digest('hex')}`

/** Signs method and URL, so that a signature is good for one hop only. It notes what it was asked to sign. */
function signing(changes: Partial<AuthScheme> = {}) {
  const signed: string[] = []
  const scheme: AuthScheme = {
    signsUrl: true,
    authenticate(request: AuthRequest) {
      signed.push(`${request.method} ${request.url}`)
      request.attach({ in: 'header', name: 'X-Signature' }, signatureOf(request.method, request.url))
    },
    ...changes,
  }
  return { signed, scheme }
}

/** Did a server get these requests with a signature each that is good for them? */
const judged = ({ url: origin, requests }: Server): string[] =>
  requests.map(({ method, url, headers, body }) => {
    const signature = headers['x-signature']
    const isGood = signature === signatureOf(method, origin + url)
    return `${method} ${url} ${body}`.trim() + (isGood ? '' : signature ? ' (badly signed)' : ' (unsigned)')
  })

/** `/to?next=...` redirects to its parameter, with its parameter `status`. */
const redirecting: Parameters<typeof startServer>[0] = ({ url = '' }, response) => {
  const { searchParams } = new URL(url, 'http://localhost')
  const next = searchParams.get('next')
  if (next === null) response.end('arrived')
  else response.writeHead(Number(searchParams.get('status')), { location: next }).end('elsewhere')
}
const redirect = (to: string, status = 302): string => `/to?status=${status}&next=${encodeURIComponent(to)}`

async function setUp(
  config: AxiosRequestConfig = {},
  {
    origins,
    ...changes
  }: Partial<AuthScheme> & { origins?: (...servers: Server[]) => TravelOptions['origins'] } = {},
) {
  const home = await startServer(redirecting)
  const foreign = await startServer(redirecting)
  const { signed, scheme } = signing(changes)
  const api = axios.create({ baseURL: home.url, ...config })
  api.interceptors.request.use(authInterceptor(scheme, { origins: origins?.(home, foreign) }))
  return { home, foreign, signed, api }
}

describe.each(['http', 'fetch'])('over the %s adapter', (adapter) => {
  test('a redirect within the origin is signed with its own URL', async () => {
    const { home, signed, api } = await setUp({ adapter })
    const { data } = await api.get(redirect(redirect('/here?a=b%20c')), { params: { q: 1 } })
    expect(data).toBe('arrived')
    expect(judged(home)).toEqual([
      `GET ${redirect(redirect('/here?a=b%20c'))}&q=1`,
      `GET ${redirect('/here?a=b%20c')}`,
      'GET /here?a=b%20c',
    ])
    expect(signed).toEqual(judged(home).map((request) => request.replace(' ', ` ${home.url}`)))
  })

  test('without signsUrl it is authenticated once, and the credentials are taken along', async () => {
    const { home, signed, api } = await setUp({ adapter }, { signsUrl: false })
    await api.get(redirect('/here'))
    expect(judged(home)).toEqual([`GET ${redirect('/here')}`, 'GET /here (badly signed)'])
    expect(signed).toHaveLength(1)
  })

  test('a redirect to another listed origin is signed with its own URL', async () => {
    const { home, foreign, api } = await setUp(
      { adapter },
      { origins: (home, foreign) => [home?.url ?? '', foreign?.url ?? ''] },
    )
    await api.get(redirect(`${foreign.url}/there`))
    expect([...judged(home), ...judged(foreign)]).toEqual([
      `GET ${redirect(`${foreign.url}/there`)}`,
      'GET /there',
    ])
  })

  test('on a way out and back it is signed, unsigned, and signed again', async () => {
    const { home, foreign, signed, api } = await setUp({ adapter })
    const back = redirect(`${home.url}/back`)
    await api.get(redirect(foreign.url + back))
    expect(judged(home)).toEqual([`GET ${redirect(foreign.url + back)}`, 'GET /back'])
    expect(judged(foreign)).toEqual([`GET ${back} (unsigned)`])
    expect(signed).toHaveLength(2)
  })

  test.each([
    [301, 'GET /here'],
    [302, 'GET /here'],
    [303, 'GET /here'],
    [307, 'POST /here {"a":1}'],
    [308, 'POST /here {"a":1}'],
  ])('after a POST and %d it is signed as what it has become: %s', async (status, last) => {
    const { home, signed, api } = await setUp({ adapter })
    await api.post(redirect('/here', status), { a: 1 })
    expect(judged(home)).toEqual([`POST ${redirect('/here', status)} {"a":1}`, last])
    expect(signed.at(-1)).toBe(`${last.split(' ')[0]} ${home.url}/here`)
    expect(home.requests[1]?.headers['content-type']).toBe(status > 303 ? 'application/json' : undefined)
  })

  test('the scheme sees the body of each hop', async () => {
    const bodies: unknown[] = []
    const { api } = await setUp(
      { adapter },
      {
        authenticate(request) {
          bodies.push(request.body)
          request.attach({ in: 'header', name: 'X-Signature' }, 'fake')
        },
      },
    )
    await api.post(redirect(redirect('/here', 303), 307), 'text')
    expect(bodies).toEqual(['text', 'text', undefined])
  })

  test('maxRedirects 0 is obeyed: I get the redirect itself', async () => {
    const { home, api } = await setUp({ adapter, maxRedirects: 0 })
    const error = await failureOf(api.get(redirect('/here')))
    expect(error).toMatchObject({
      response: { status: 302, data: 'elsewhere' },
      config: { maxRedirects: 0 },
    })
    expect(home.requests).toHaveLength(1)
  })

  test('a hook of mine that may refuse a redirect is not passed over: I get the redirect itself', async () => {
    const beforeRedirect = jest.fn()
    const { home, api } = await setUp({ adapter, beforeRedirect })
    const request = api.get(redirect('/here'))
    // Over fetch axios has no such hook.
    if (adapter === 'fetch') expect((await request).data).toBe('arrived')
    else expect(await failureOf(request)).toMatchObject({ response: { status: 302, data: 'elsewhere' } })
    expect(home.requests).toHaveLength(adapter === 'fetch' ? 2 : 1)
    expect(beforeRedirect).not.toHaveBeenCalled()
  })

  test('redirects that never end are an error', async () => {
    const home = await startServer((_, response) => response.writeHead(302, { location: '/again' }).end())
    const api = axios.create({ baseURL: home.url, adapter })
    api.interceptors.request.use(authInterceptor(signing().scheme))
    expect(await failureOf(api.get('/things'))).toMatchObject({ isAxiosError: true })
    expect(home.requests.length).toBeLessThanOrEqual(22)
  })

  test('a stream is not sent to the next place: I get the redirect, unless that asks for a GET', async () => {
    const { home, api } = await setUp({ adapter })
    const post = (status: number) =>
      api.post(redirect('/here', status), Readable.from(['once']), { maxRedirects: 5 })
    expect(await failureOf(post(307))).toMatchObject({ response: { status: 307 } })
    expect((await post(303)).data).toBe('arrived')
    expect(judged(home).map((request) => request.replace(/\?\S*/, ''))).toEqual([
      'POST /to once',
      'POST /to once',
      'GET /here',
    ])
  })

  test.each<[what: string, config: AxiosRequestConfig]>([
    ['nothing about redirects', {}],
    ['redirects of its own', { maxRedirects: 7, fetchOptions: { priority: 'low' } }],
  ])('the config that I get back is mine, when it had %s', async (_, config) => {
    const { api } = await setUp({ adapter })
    const path = redirect('/here')
    const served = await api.get(path, config)
    const refused = await failureOf(api.get(path, { ...config, validateStatus: () => false }))
    for (const shown of [served.config, refused.config, refused.response?.config]) {
      expect(shown?.url).toBe(path)
      for (const name of ['maxRedirects', 'fetchOptions', 'beforeRedirect'] as const) {
        expect(shown?.[name]).toEqual(config[name])
        expect(name in Object(shown)).toBe(name in config)
      }
    }
  })

  test('neither the response nor an error shows any of the signatures', async () => {
    const { home, api } = await setUp({ adapter })
    const path = redirect('/here')
    const signatures = [path, '/here'].map((at) => signatureOf('GET', home.url + at))
    expect(traces(await api.get(path), signatures)).toEqual([])
    expect(traces(await failureOf(api.get(path, { validateStatus: () => false })), signatures)).toEqual([])
  })

  test('a replay takes the whole way again, each hop signed anew', async () => {
    const { signed, scheme } = signing({ answer: ({ status }) => status === 401 })
    const home = await startServer((request, response) => {
      if (request.url === '/old') response.writeHead(307, { location: '/new' }).end()
      else response.writeHead(home.requests.length > 2 ? 200 : 401).end()
    })
    const api = axios.create({ baseURL: home.url, adapter })
    api.interceptors.request.use(authInterceptor(scheme))
    await api.post('/old', 'text')
    expect(judged(home)).toEqual(['POST /old text', 'POST /new text', 'POST /old text', 'POST /new text'])
    expect(signed).toHaveLength(4)
  })

  test('what the scheme noted for the last hop is what its answer finds', async () => {
    const found: unknown[] = []
    const { home, api } = await setUp(
      { adapter },
      {
        authenticate(request) {
          request.carries = request.url
          request.attach({ in: 'header', name: 'X-Signature' }, 'fake')
        },
        answer(_, request) {
          found.push(request.carries)
          return false
        },
      },
    )
    await api.get(redirect('/here'))
    expect(found).toEqual([`${home.url}/here`])
  })

  test('a hop waits for a scheme that has to fetch something first', async () => {
    const { home, api } = await setUp(
      { adapter },
      {
        async authenticate(request) {
          await Promise.resolve()
          request.attach({ in: 'header', name: 'X-Signature' }, signatureOf(request.method, request.url))
        },
      },
    )
    await api.get(redirect('/here'))
    expect(judged(home)).toEqual([`GET ${redirect('/here')}`, 'GET /here'])
  })

  test('a hop that cannot be signed is not sent, and the request fails with that error', async () => {
    const { home, api } = await setUp(
      { adapter },
      {
        authenticate(request) {
          if (request.url.endsWith('/here')) throw new Error('the key is gone')
          request.attach({ in: 'header', name: 'X-Signature' }, 'fake')
        },
      },
    )
    expect(await failureOf(api.get(redirect('/here')))).toMatchObject({ message: 'the key is gone' })
    expect(home.requests).toHaveLength(1)
  })

  test('an interceptor behind it authenticates each hop as well', async () => {
    const { home, foreign, api } = await setUp({ adapter })
    api.interceptors.request.use(apiKeyAuth({ name: 'X-API-Key', value: 'fake-key' }))
    await api.get(redirect('/here'))
    await api.get(redirect(`${foreign.url}/there`))
    expect(home.requests.map(({ headers }) => headers['x-api-key'])).toEqual(
      Array.from({ length: 3 }, () => 'fake-key'),
    )
    expect(foreign.requests[0]?.headers['x-api-key']).toBeUndefined()
  })
})

test('an adapter of my own may give no headers', async () => {
  const api = axios.create({
    baseURL: 'https://api.example',
    adapter: async (config) => ({ config, status: 200, data: 'served' }) as AxiosResponse,
  })
  api.interceptors.request.use(authInterceptor(signing().scheme))
  expect((await api.get('/things')).data).toBe('served')
})

test('an adapter of my own may redirect, too: each hop is signed, and it gets a config that it may keep', async () => {
  const kept: string[] = []
  const api = axios.create({
    baseURL: 'https://api.example',
    adapter: async (config) => {
      kept.push(
        `${config.url} ${String(config.headers.get('X-Signature')).slice(0, 4)} ${config.maxRedirects}`,
      )
      const isOld = config.url === '/old'
      return {
        config,
        status: isOld ? 302 : 200,
        statusText: '',
        data: '',
        headers: isOld ? { location: '/new' } : {},
      }
    },
  })
  const { signed, scheme } = signing()
  api.interceptors.request.use(authInterceptor(scheme))
  const { config } = await api.get('/old')
  expect(kept).toEqual(['/old sig- 0', 'https://api.example/new sig- 0'])
  expect(signed).toEqual(['GET https://api.example/old', 'GET https://api.example/new'])
  expect([config.url, config.maxRedirects]).toEqual(['/old', undefined])
})
