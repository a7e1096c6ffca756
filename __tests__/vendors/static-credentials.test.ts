import { inspect } from 'node:util'
import type { AxiosInstance } from 'axios'
import { basicApi } from '../../examples/vendors/basic'
import { dnsdb } from '../../examples/vendors/dnsdb'
import { fortiGate } from '../../examples/vendors/fortigate'
import { kenna } from '../../examples/vendors/kenna'
import { meraki } from '../../examples/vendors/meraki'
import { panOs } from '../../examples/vendors/pan-os'
import { queryKeyApi } from '../../examples/vendors/query-key'
import { sentinelOne } from '../../examples/vendors/sentinelone'
import { bearerApi } from '../../examples/vendors/static-bearer'
import { urlscan } from '../../examples/vendors/urlscan'
import { zendesk } from '../../examples/vendors/zendesk'
import { startServer } from '../support/servers'
import { type Answer, failureOf, json } from './vendor-server'

const USER = 'fake-user'
const KEY = 'fake-kéy+/='
const ASCII_KEY = 'fake-key+/='

type Connect = (url: string) => AxiosInstance
interface Product {
  readonly connect: Connect
  /** The credentials: a header in lower case, or a query parameter. */
  readonly header?: readonly [name: string, value: string]
  readonly param?: readonly [name: string, value: string]
  readonly denies: Answer
}

const base64 = (text: string): string => Buffer.from(text).toString('base64')
const basic = (denies: Answer): Product => ({
  connect: (url) => basicApi(url, USER, KEY),
  header: ['authorization', `Basic ${base64(`${USER}:${KEY}`)}`],
  denies,
})
const header = (name: string, connect: Connect, denies: Answer): Product => ({
  connect,
  header: [name, ASCII_KEY],
  denies,
})
const bearer = (denies: Answer): Product => ({
  connect: (url) => bearerApi(url, ASCII_KEY),
  header: ['authorization', `Bearer ${ASCII_KEY}`],
  denies,
})
const queryKey = (denies: Answer): Product => ({
  connect: (url) => queryKeyApi(url, KEY),
  param: ['key', KEY],
  denies,
})
const page = (status: number, type: string, body: string): Answer => ({
  status,
  headers: { 'content-type': type },
  body,
})

const products: Record<string, Product> = {
  ServiceNow: basic(
    json(
      401,
      { error: { message: 'User Not Authenticated', detail: 'Required to provide Auth' }, status: 'failure' },
      { 'www-authenticate': 'BASIC realm="Service-now"' },
    ),
  ),
  Jira: basic(
    json(401, { message: 'Client must be authenticated to access this resource.', 'status-code': 401 }),
  ),
  Tufin: basic(page(401, 'text/html', '<html><body>Bad credentials</body></html>')),
  Censys: basic(
    json(401, { error: 'You must authenticate with a valid API ID.', error_type: 'unauthorized' }),
  ),
  Zendesk: {
    connect: (url) => zendesk(url, 'ann@example.com', KEY),
    header: ['authorization', `Basic ${base64(`ann@example.com/token:${KEY}`)}`],
    denies: json(401, { error: "Couldn't authenticate you" }),
  },
  'Palo Alto PAN-OS': header(
    'x-pan-key',
    (url) => panOs(url, ASCII_KEY),
    page(
      403,
      'application/xml',
      "<response status = 'error' code = '403'><result><msg>Invalid Credential</msg></result></response>",
    ),
  ),
  'Farsight DNSDB': header(
    'x-api-key',
    (url) => dnsdb(ASCII_KEY, url),
    page(403, 'text/plain', 'Error: Invalid API key'),
  ),
  Meraki: header(
    'x-cisco-meraki-api-key',
    (url) => meraki(ASCII_KEY, url),
    json(401, { errors: ['Invalid API key'] }),
  ),
  Kenna: header(
    'x-risk-token',
    (url) => kenna(ASCII_KEY, url),
    json(401, { success: 'false', error: 'unauthorized', message: 'authentication failed' }),
  ),
  'urlscan.io': header(
    'api-key',
    (url) => urlscan(ASCII_KEY, url),
    json(401, { message: 'API key supplied but not found in database!', status: 401 }),
  ),
  SentinelOne: {
    connect: (url) => sentinelOne(url, ASCII_KEY),
    header: ['authorization', `ApiToken ${ASCII_KEY}`],
    denies: json(401, { errors: [{ code: 4010010, detail: null, title: 'Authentication Failed' }] }),
  },
  Slack: bearer(json(200, { ok: false, error: 'invalid_auth' })),
  Webex: bearer(
    json(401, { message: 'The request requires a valid access token.', errors: [], trackingId: '1' }),
  ),
  Twitter: bearer(
    json(401, { title: 'Unauthorized', type: 'about:blank', status: 401, detail: 'Unauthorized' }),
  ),
  Shodan: queryKey(json(401, { error: 'Invalid API key' })),
  APIVoid: queryKey(json(200, { error: 'API key is not valid' })),
  FortiGate: {
    connect: (url) => fortiGate(url, KEY),
    param: ['access_token', KEY],
    denies: page(401, 'text/html', '<html><body>401 Unauthorized</body></html>'),
  },
}

describe.each(Object.entries(products))('%s', (_, { connect, header, param, denies }) => {
  async function connected(answer: Answer) {
    const server = await startServer((_request, response) => {
      response.writeHead(answer.status, answer.headers).end(answer.body)
    })
    return { server, api: connect(server.url) }
  }

  test('gets the credentials where its documentation wants them, and the rest of the request as it was', async () => {
    const { server, api } = await connected(json(200, { you: 'are in' }))
    await api.get('/items?a=1', { params: { filter: 'x y', page: 2 } })
    const { url = '', headers = {} } = server.requests[0] ?? {}
    const { pathname, searchParams } = new URL(url, server.url)
    const expected = { a: '1', filter: 'x y', page: '2', ...(param && Object.fromEntries([param])) }
    expect(pathname).toBe('/items')
    expect([...searchParams].sort()).toEqual(Object.entries(expected).sort())
    if (header) expect(headers[header[0]]).toBe(header[1])
    else expect(headers.authorization).toBeUndefined()
  })

  test('denies them: its own answer comes through, after one request, and nothing shows the credentials', async () => {
    const { server, api } = await connected(denies)
    const answer = await api.get('/items').catch((error) => error)
    const { status, data } = answer.response ?? answer
    expect([status, typeof data === 'string' ? data : JSON.stringify(data)]).toEqual([
      denies.status,
      denies.body,
    ])
    expect(server.requests).toHaveLength(1)
    const shown = inspect(answer, { depth: 20, showHidden: true }) + JSON.stringify(answer.toJSON?.() ?? '')
    const secrets = [KEY, ASCII_KEY, header?.[1] ?? KEY].flatMap((text) => [text, encodeURIComponent(text)])
    expect(secrets.filter((secret) => shown.includes(secret))).toEqual([])
  })
})

test('Meraki redirects to a stranger: the key stays behind', async () => {
  const stranger = await startServer((_request, response) => response.end())
  const dashboard = await startServer((_request, response) => {
    response.writeHead(308, { location: `${stranger.url}/api/v1/organizations` }).end()
  })
  await meraki(ASCII_KEY, dashboard.url).get('/organizations')
  expect(dashboard.requests[0]?.headers['x-cisco-meraki-api-key']).toBe(ASCII_KEY)
  expect(stranger.requests[0]?.headers['x-cisco-meraki-api-key']).toBeUndefined()
})

test('a key with a line break at its end is refused when the recipe is set up, without showing it', () => {
  const failures = [
    () => kenna('fake-key\n', 'https://a.example'),
    () => bearerApi('https://a.example', 'fake\n'),
  ]
  for (const fail of failures) expect(fail).toThrow(/line break/)
  expect(() => kenna('fake-key\n')).not.toThrow('fake-key')
})

test('plain http beyond this machine is refused before a key is sent', async () => {
  const error = await failureOf(kenna(ASCII_KEY, 'http://kenna.example').get('/'))
  expect(error.code).toBe('ERR_AUTH_ORIGIN')
})
