import { remedy } from '../../examples/vendors/bmc'
import { falcon } from '../../examples/vendors/crowdstrike'
import { graph } from '../../examples/vendors/microsoft-graph'
import { threatResponse } from '../../examples/vendors/sample-workflow'
import { sna } from '../../examples/vendors/sna'
import { xdr } from '../../examples/vendors/xdr'
import { startServer } from '../support/servers'
import {
  type Answer,
  authorized,
  expectClear,
  failureOf,
  json,
  startVendor,
  steerableClock,
  until,
  type Vendor,
} from './vendor-server'
import { ID, type Recipe, recipes, SECRET } from './wires'

const clock = steerableClock()
const MINUTE = 60_000

async function connected(product: string, changes: Partial<Recipe> = {}) {
  const recipe = { ...(recipes[product] as Recipe), ...changes }
  const vendor = await startVendor(recipe)
  return { vendor, api: recipe.connect(vendor.url) }
}

/** Makes requests until the vendor has given so many tokens: renewals run behind them. */
async function usedUntil(tokens: number, vendor: Vendor, use: () => Promise<unknown>): Promise<void> {
  do await use()
  while (vendor.grants() < tokens)
}

/** A server that gives the same answer to everything. */
const answering = ({ status, headers, body }: Answer) =>
  startServer((_request, response) => {
    response.writeHead(status, headers).end(body)
  })

test('Secure Firewall: a login, three renewals, and a login again', async () => {
  const { vendor, api } = await connected('Cisco Secure Firewall')
  for (let tokens = 1; tokens <= 6; tokens += 1) {
    await usedUntil(tokens, vendor, () => api.get('/domains'))
    clock.pass(28 * MINUTE)
  }
  const fetches = vendor.log.filter((entry) => entry === 'login' || entry === 'refreshtoken')
  expect(fetches.join(' ')).toBe('login refreshtoken refreshtoken refreshtoken login refreshtoken')
})

test('Jamf Pro: keep-alive renews without a login', async () => {
  const { vendor, api } = await connected('Jamf Pro')
  for (let tokens = 1; tokens <= 5; tokens += 1) {
    await usedUntil(tokens, vendor, () => Promise.all([1, 2, 3, 4].map(() => api.get('/v1/buildings'))))
    clock.pass(28 * MINUTE)
  }
  const fetches = vendor.log.filter((entry) => entry === 'login' || entry === 'keep-alive')
  expect(fetches.join(' ')).toBe('login keep-alive keep-alive keep-alive keep-alive')
})

test('Jamf Pro: requests that were on their way when keep-alive ended their token are sent again', async () => {
  let hasEnded = false
  const bearer = authorized('Bearer')
  const { vendor, api } = await connected('Jamf Pro', {
    carried: (call) => (hasEnded && bearer(call) === 'fake-token-1' ? undefined : bearer(call)),
  })
  await api.get('/v1/buildings')
  hasEnded = true
  clock.pass(28 * MINUTE)
  await Promise.all([1, 2, 3, 4, 5, 6, 7].map(() => api.get('/v1/buildings')))
  expect(vendor.log.slice(2).sort().join(' ')).toBe(
    ['denied '.repeat(7), 'keep-alive ', 'served '.repeat(7)].join('').trim(),
  )
})

test('Jamf Pro: where keep-alive is refused it logs in within the same request', async () => {
  const { vendor, api } = await connected('Jamf Pro')
  await api.get('/v1/buildings')
  clock.pass(31 * MINUTE)
  await api.get('/v1/buildings')
  expect(vendor.log).toEqual(['login', 'served', 'keep-alive', 'login', 'served'])
})

test('Zoho: ten token calls in ten minutes are made and no more; then it goes on', async () => {
  const { vendor, api } = await connected('Zoho')
  for (let minute = 0; minute < 20; minute += 1) {
    await api.get('/requests').catch(() => undefined)
    vendor.revoke()
    clock.pass(MINUTE / 2)
  }
  expect(vendor.grants()).toBe(10)
  await api.get('/requests')
  expect(vendor.grants()).toBe(11)
})

test('Zoho: an eleventh token call is not made, and the error says until when', async () => {
  const { vendor, api } = await connected('Zoho')
  for (let turn = 0; turn < 10; turn += 1) {
    await api.get('/requests')
    vendor.revoke()
    clock.pass(MINUTE / 2)
  }
  const { cause } = await failureOf(api.get('/requests'))
  expectClear(cause, /^Zoho allows ten token calls in ten minutes/, [SECRET])
  const error = await failureOf(api.get('/requests'))
  expectClear(
    error,
    /^The issuer asked to wait: no token is asked for within the next \d+ ms; the last failure: Zoho allows ten/,
    [SECRET],
  )
  expect(Math.round(Number(error.retryAfter) / MINUTE)).toBe(5)
  expect(vendor.grants()).toBe(10)
})

test('Zoho: too many token calls elsewhere, refused with status 200, are an error that says so', async () => {
  const { api } = await connected('Zoho', {
    accepts: () => false,
    deniesLogin: json(200, {
      error_description: 'You have made too many requests continuously. Please try again after some time.',
      error: 'Access Denied',
      status: 'failure',
    }),
  })
  const error = await failureOf(api.get('/requests'))
  expectClear(error, /^The token response says Access Denied \(You have made too many requests/, [SECRET])
  expect(error).toMatchObject({ code: 'ERR_AUTH_TOKEN_RESPONSE', error: 'Access Denied' })
})

test('XDR: four hosts share one token, and a fifth gets none', async () => {
  const token = json(200, { access_token: 'fake-shared', token_type: 'bearer', expires_in: 600 })
  const servers = await Promise.all(Array.from({ length: 5 }, () => answering(token)))
  const urls = servers.map(({ url }) => url)
  const api = xdr(ID, SECRET, urls.slice(0, 4), urls[0])
  await Promise.all(urls.map((url) => api.get(`${url}/ctia/incident/search`)))
  const sent = servers.map(({ requests }) => requests.map(({ headers }) => headers.authorization))
  const bearer = 'Bearer fake-shared'
  expect(sent[0]).toEqual([expect.stringMatching(/^Basic /), bearer])
  expect(sent.slice(1)).toEqual([[bearer], [bearer], [bearer], [undefined]])
})

test('the sample workflow: the token of the first target inspects on the second', async () => {
  const issuer = await answering(json(200, { access_token: 'fake-a', token_type: 'bearer', expires_in: 600 }))
  const target = await answering(json(200, [{ value: 'evil.example', type: 'domain' }]))
  const api = threatResponse(issuer.url, target.url, ID, SECRET)
  const { data } = await api.post('/iroh/iroh-inspect/inspect', { content: 'evil.example' })
  expect(data).toEqual([{ value: 'evil.example', type: 'domain' }])
  const [{ url, headers, body } = { url: '', headers: {}, body: '' }] = target.requests
  expect([url, headers.authorization, String(body)]).toEqual([
    '/iroh/iroh-inspect/inspect',
    'Bearer fake-a',
    '{"content":"evil.example"}',
  ])
})

test('Graph: a challenge for more claims is handed over, since the same grant cannot meet it', async () => {
  const { vendor, api } = await connected('Microsoft Graph', {
    carried: () => undefined,
    deniesCall: json(
      401,
      { error: { code: 'InvalidAuthenticationToken', message: 'Continuous access evaluation' } },
      { 'www-authenticate': 'Bearer realm="", error="insufficient_claims", claims="eyJhY2Nlc3MifQ=="' },
    ),
  })
  expect((await failureOf(api.get('/v1.0/users'))).response?.status).toBe(401)
  expect(vendor.log).toEqual(['login', 'denied'])
})

test('Graph: renews when the answer wishes so by refresh_in', async () => {
  const body = { access_token: 'fake', token_type: 'Bearer', expires_in: 86_400, refresh_in: 43_200 }
  const server = await answering(json(200, body))
  const api = graph({ tenant: 'contoso', clientId: ID, clientSecret: SECRET }, server.url, server.url)
  const tokenCalls = () => server.requests.filter(({ method }) => method === 'POST').length
  await api.get('/v1.0/users')
  clock.pass(41_000_000)
  await api.get('/v1.0/users')
  expect(tokenCalls()).toBe(1)
  clock.pass(5_000_000)
  await api.get('/v1.0/users')
  await until(() => tokenCalls() === 2)
})

test('Falcon: a redirect to the cloud of another region takes no secret along, and the error names the remedy', async () => {
  const other = await answering(json(201, {}))
  const location = `${other.url}/oauth2/token`
  const server = await answering({ status: 308, headers: { location, 'x-cs-region': 'eu-1' } })
  const error = await failureOf(falcon(ID, SECRET, server.url).get('/devices'))
  expectClear(error, /status 308; it redirects: give its final URL$/, [SECRET])
  expect(other.requests).toEqual([])
})

test('Secure Network Analytics: cookies of the request itself travel beside those of the session', async () => {
  const { vendor, api } = await connected('Cisco Secure Network Analytics')
  await api.get('/tenants', { headers: { Cookie: 'lang=en' } })
  expect(vendor.served[0]?.headers.cookie).toBe(
    'lang=en; stealthwatch.jwt=fake-token-1; XSRF-TOKEN=fake-xsrf%2Ffake-token-1',
  )
})

test.each([
  ['Secure Network Analytics gives no cookie', sna, json(200, {}), /^The token response .*value is empty$/],
  [
    'BMC gives a page of a single sign-on',
    remedy,
    { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>\nfake-s+e/c=r&t ü</html>' },
    /^The token response cannot be used: the token contains a line break/,
  ],
  ['BMC gives nothing', remedy, { status: 200 }, /^The token response cannot be used: the token is empty$/],
])('%s: the error says so', async (_, connect, answer, message) => {
  const { url } = await answering(answer)
  expectClear(await failureOf(connect(url, ID, SECRET).get('/')), message, [SECRET])
})
