import axios from 'axios'
import { bearerAuth, clientCredentials, tokenSource } from '#lib'
import { authorizationServer, clientSecretBasic } from '#lib/oauth'
import { startAuthorizationServer, startStepUpApi } from '../support/servers'

/** An API with paths that want more of a token, and an instance that steps up to them. */
async function setUp(grant: 'oauth' | 'core') {
  const issuer = await startAuthorizationServer()
  const resource = await startStepUpApi({ describe: issuer.describe })
  const { clientId, clientSecret } = issuer.clients.basic
  const server = authorizationServer(axios.create(), {
    issuer: issuer.url,
    clientId,
    clientAuthentication: clientSecretBasic(clientSecret),
  })
  const fetchToken =
    grant === 'oauth'
      ? server.clientCredentials({ scope: 'read' })
      : clientCredentials(axios.create(), { url: issuer.tokenUrl, clientId, clientSecret, scope: 'read' })
  const source = tokenSource(fetchToken)
  const api = axios.create({ baseURL: resource.url })
  api.interceptors.request.use(bearerAuth(source, { stepUp: true }))
  const asked = (name: string): unknown[] => issuer.tokenRequestLog.map(({ parameters }) => parameters[name])
  return { issuer, resource, source, api, asked }
}

describe.each(['oauth', 'core'] as const)('with the grant of %s, at a real server', (grant) => {
  test('a scope that is lacking is asked for together with the others, once', async () => {
    const { issuer, resource, api, asked, source } = await setUp(grant)
    const transfer = (): Promise<{ status: number }> => api.post('/transfer', { amount: 1 })
    expect((await api.get('/things')).status).toBe(200)
    expect((await transfer()).status).toBe(200)
    expect(asked('scope')).toEqual(['read', 'read write'])
    const answers = await Promise.all(Array.from({ length: 100 }, transfer))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    expect((await api.get('/things')).status).toBe(200)
    expect(issuer.tokenRequests).toBe(2)
    expect(source.inspect().map(({ key }) => key)).toEqual(expect.arrayContaining(['', '?scope=write']))
    // The plain token first: nobody knows beforehand what a path wants.
    expect(resource.requests.filter(({ url }) => url === '/transfer')).toHaveLength(202)
  })

  test('a request that knows what it needs asks for it at once', async () => {
    const { resource, api, asked } = await setUp(grant)
    await api.post('/transfer', {}, { authenticate: { scope: 'write' } })
    await api.post('/transfer', {}, { authenticate: { scope: 'write' } })
    expect(asked('scope')).toEqual(['read write'])
    expect(resource.requests).toHaveLength(2)
  })

  test('a stronger authentication is asked for as RFC 9470 has it', async () => {
    const { api, asked } = await setUp(grant)
    expect((await api.post('/payment', { amount: 1 })).status).toBe(200)
    expect(asked('acr_values')).toEqual([undefined, 'urn:example:mfa'])
    expect(asked('max_age')).toEqual([undefined, '60'])
  })
})
