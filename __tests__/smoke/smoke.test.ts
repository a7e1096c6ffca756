import axios from 'axios'
import http from 'node:http'
import util from 'node:util'
import MockAdapter from 'axios-mock-adapter'
import { bearerAuth, apiKeyAuth, basicAuth, clientCredentials } from '#lib'
const servers: http.Server[] = []
async function serve(h: http.RequestListener) { const s = http.createServer(h); servers.push(s); await new Promise<void>(r => s.listen(0, '127.0.0.1', r)); return 'http://127.0.0.1:' + (s.address() as any).port }
afterAll(() => { for (const s of servers) { s.close(); s.closeAllConnections() } })
for (const adapter of ['http', 'fetch'] as const) {
test('smoke ' + adapter, async () => {
  let n = 0; const valid = new Set<string>()
  const seen: any[] = []
  const issuer = axios.create({ adapter, baseURL: await serve((q, r) => { seen.push(q.headers.authorization); n++; valid.clear(); valid.add('secret-token-' + n); r.setHeader('content-type', 'application/json'); r.end(JSON.stringify({ access_token: 'secret-token-' + n, token_type: 'bearer', expires_in: 3600 })) }) })
  issuer.interceptors.request.use(basicAuth({ username: 'id', password: 'pass:wörd' }))
  const api = axios.create({ adapter, baseURL: await serve((q, r) => { let b = ''; q.on('data', c => b += c); q.on('end', () => { const t = q.headers.authorization?.slice(7); if (q.url!.startsWith('/500')) { r.statusCode = 500; return r.end('no') } if (!valid.has(t!)) { r.statusCode = 401; return r.end('no') } r.end(JSON.stringify({ b, k: q.headers['x-key'], u: q.url })) }) }) })
  api.interceptors.request.use(bearerAuth(clientCredentials(issuer, { url: '/token' })))
  api.interceptors.request.use(apiKeyAuth({ name: 'X-Key', value: 'key-secret' }))
  api.interceptors.request.use(apiKeyAuth({ name: 'key', in: 'query', value: 'query secret' }))
  const all = await Promise.all(Array.from({ length: 100 }, (_, i) => api.post('/x', { i })))
  expect(n).toBe(1)
  expect(all[7]!.data).toEqual({ b: '{"i":7}', k: 'key-secret', u: '/x?key=query+secret' })
  valid.clear()
  const again = await Promise.all(Array.from({ length: 100 }, (_, i) => api.post('/x', { i })))
  expect(n).toBe(2)
  expect(again[9]!.data.b).toBe('{"i":9}')
  const err = await api.get('/500').catch(e => e)
  again[0]!.data = 0; for (const thing of [err, err.response, again[0], err.request, again[0]!.request]) {
    const text = util.inspect(thing, { depth: Infinity, showHidden: true })
    expect(text).not.toMatch(/secret-token|key-secret|query secret|query\+secret|query%20secret/)
  }
  console.log(util.inspect(err).slice(0, 3000))
})
}
test('mock', async () => {
  const api = axios.create({ baseURL: 'https://api.example.com' }); const mock = new MockAdapter(api)
  let t = 0
  api.interceptors.request.use(bearerAuth(() => 'tok' + ++t))
  mock.onGet('/a').replyOnce(401).onGet('/a').reply(200, { ok: 1 })
  expect((await api.get('/a')).data).toEqual({ ok: 1 })
  expect(mock.history.get!.map(c => c.headers!.Authorization)).toEqual(['Bearer tok1', 'Bearer tok2'])
})
