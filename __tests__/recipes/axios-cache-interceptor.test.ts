import { connect } from '../../examples/recipes/axios-cache-interceptor'
import { startServer } from '../support/servers'

/** An issuer that knows tenants, and an API that tells each of them its name. */
async function setUp() {
  const issuer = await startServer((request, response) => {
    const tenant = request.url?.split('/')[1]
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ access_token: `fake-token-of-${tenant}`, token_type: 'Bearer' }))
  })
  const server = await startServer((request, response) => {
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ of: request.headers.authorization }))
  })
  const api = connect(server.url, issuer.url)
  const ask = (tenant: string) => api.get<{ of: string }>('/mine', { headers: { 'X-Tenant': tenant } })
  return { issuer, server, api, ask }
}

test('each tenant gets its own answer, from the cache the second time', async () => {
  const { server, ask } = await setUp()
  const answers = []
  for (const tenant of ['acme', 'other', 'acme', 'other']) answers.push(await ask(tenant))
  expect(answers.map(({ data }) => data.of)).toEqual([
    'Bearer fake-token-of-acme',
    'Bearer fake-token-of-other',
    'Bearer fake-token-of-acme',
    'Bearer fake-token-of-other',
  ])
  expect(answers.map(({ cached }) => cached)).toEqual([false, false, true, true])
  expect(server.requests).toHaveLength(2)
})

test('each tenant has one token request', async () => {
  const { issuer, ask } = await setUp()
  await Promise.all(['acme', 'other', 'acme', 'other'].map(ask))
  expect(issuer.requests.map(({ url }) => url).sort()).toEqual(['/acme/token', '/other/token'])
})

test('a request that does not say whose it is is not sent', async () => {
  const { issuer, server, api } = await setUp()
  await expect(api.get('/mine')).rejects.toThrow('X-Tenant')
  expect([issuer.requests, server.requests]).toEqual([[], []])
})
