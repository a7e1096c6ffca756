import { connect } from '../../examples/recipes/several-apis'
import { startAuthorizationServer, startProtectedApi } from '../support/servers'

async function setUp() {
  const issuer = await startAuthorizationServer()
  const servers = [
    await startProtectedApi({ isValid: issuer.accepts }),
    await startProtectedApi({ isValid: issuer.accepts }),
  ]
  const { clientId, clientSecret } = issuer.clients.basic
  const apis = connect({ issuerUrl: issuer.url, clientId, clientSecret }, ...servers.map(({ url }) => url))
  const askAll = () => Promise.all(apis.flatMap((api) => [1, 2, 3].map((n) => api.post('/things', { n }))))
  return { issuer, servers, askAll }
}

test('the first requests to both APIs share one token request', async () => {
  const { issuer, servers, askAll } = await setUp()
  const answers = await askAll()
  expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 6 }, () => 200))
  expect(issuer.tokenRequests).toBe(1)
  const carried = servers.flatMap(({ requests }) => requests.map(({ headers }) => headers.authorization))
  expect([carried.length, new Set(carried).size]).toEqual([6, 1])
})

test('a token that both refuse is replaced once', async () => {
  const { issuer, askAll } = await setUp()
  await askAll()
  await issuer.revokeAll()
  const answers = await askAll()
  expect(answers.map(({ data }) => data.body)).toEqual([1, 2, 3, 1, 2, 3].map((n) => JSON.stringify({ n })))
  expect(issuer.tokenRequests).toBe(2)
})
