import { REPORTS, startReportsApi } from '../support/reports-api'
import { startAuthorizationServer } from '../support/servers'
import { buildNextApp, clientFiles, startNextApp } from './next-app'

// A build takes some 15 s on an idle machine, and minutes on one that is very busy.
beforeAll(buildNextApp, 10 * 60_000)

const running: { close(): Promise<void> }[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((app) => app.close()))
})

async function setUp() {
  const issuer = await startAuthorizationServer()
  const api = await startReportsApi(issuer.accepts)
  const { clientId, clientSecret } = issuer.clients.basic
  const app = await startNextApp({
    ISSUER_URL: issuer.url,
    API_URL: api.url,
    CLIENT_ID: clientId,
    CLIENT_SECRET: clientSecret,
  })
  running.push(app)
  const get = async (path: string, headers = {}) => {
    const response = await fetch(app.url + path, { headers })
    return { status: response.status, text: await response.text() }
  }
  const secrets = () => [
    clientSecret,
    btoa(`${clientId}:${clientSecret}`),
    ...api.requests.map(({ headers }) => headers.authorization?.slice('Bearer '.length) ?? ''),
  ]
  return { issuer, api, app, get, secrets }
}

const times = <T>(count: number, make: () => T): T[] => Array.from({ length: count }, make)

test('pages and route handlers share one token, however many requests come at once', async () => {
  const { issuer, api, get } = await setUp()
  const answers = await Promise.all([...times(10, () => get('/')), ...times(10, () => get('/api/reports'))])
  expect(answers.map(({ status }) => status)).toEqual(times(20, () => 200))
  expect(answers[0]?.text).toContain('<li>A fake report</li>')
  expect(JSON.parse(answers[19]?.text ?? '')).toEqual(REPORTS)
  expect([issuer.tokenRequests, api.requests.length]).toEqual([1, 20])
})

test('a page is made anew for each request, and a revoked token is replaced meanwhile', async () => {
  const { issuer, api, get } = await setUp()
  await get('/')
  await issuer.revokeAll()
  expect((await get('/')).status).toBe(200)
  expect([issuer.tokenRequests, api.requests.length]).toEqual([2, 3])
})

test('no secret and no token reaches the browser: in no script, page or payload of a page', async () => {
  const { get, secrets, app } = await setUp()
  const page = await get('/')
  const payload = await get('/', { RSC: '1' })
  const data = await get('/api/reports')
  expect([page.text, payload.text].map((text) => text.includes('A fake report'))).toEqual([true, true])
  const files = clientFiles()
  expect(files.length).toBeGreaterThan(10_000)
  const seen = [page.text, payload.text, data.text, files, app.log()].join('\n')
  expect(secrets()).toHaveLength(2 + 3)
  expect(secrets().filter((secret) => seen.includes(secret))).toEqual([])
  // Nor does the code that fetches tokens.
  expect(files).not.toMatch(/client_credentials|CLIENT_SECRET|ERR_AUTH_TOKEN/)
})

test('when no token can be had the browser gets a bare 500 or 502, and the log no secret', async () => {
  const { issuer, api, get, secrets, app } = await setUp()
  issuer.fail(Number.POSITIVE_INFINITY, 401, { body: { error: 'invalid_client' } })
  const [page, data] = [await get('/'), await get('/api/reports')]
  expect([page.status, data]).toEqual([500, { status: 502, text: '' }])
  expect(page.text).not.toContain('invalid_client')
  expect(app.log()).toContain('invalid_client')
  expect(secrets().filter((secret) => (page.text + app.log()).includes(secret))).toEqual([])
  expect(api.requests).toEqual([])
})
