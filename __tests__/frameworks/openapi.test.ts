import axios from 'axios'
import { AuthError, bearerAuth } from '#lib'
import { configure } from '../../examples/recipes/openapi/client'
import { createReport, getStatus, listReports } from '../../examples/recipes/openapi/generated'
import { REPORTS, startReportsApi } from '../support/reports-api'
import { startAuthorizationServer } from '../support/servers'

async function setUp() {
  const issuer = await startAuthorizationServer()
  const api = await startReportsApi(issuer.accepts)
  const { clientId, clientSecret } = issuer.clients.basic
  configure({ issuerUrl: issuer.url, apiUrl: api.url, clientId, clientSecret })
  return { issuer, api }
}

test('generated functions are authenticated, and share one token', async () => {
  const { issuer, api } = await setUp()
  const [list, created] = await Promise.all([
    listReports({ query: { limit: 2 } }),
    createReport({ body: { title: 'New' } }),
  ])
  expect([list.data, created.data]).toEqual([REPORTS, { id: 3, title: 'New' }])
  expect(api.requests.map(({ url }) => url).sort()).toEqual(['/reports', '/reports?limit=2'])
  expect([issuer.tokenRequests, new Set(api.credentials()).size]).toEqual([1, 1])
})

test('a token that was revoked is replaced, and the body sent again is the same', async () => {
  const { issuer, api } = await setUp()
  await listReports()
  await issuer.revokeAll()
  expect((await createReport({ body: { title: 'New' } })).data).toEqual({ id: 3, title: 'New' })
  expect(api.requests.slice(1).map(({ body }) => body.toString())).toEqual([
    '{"title":"New"}',
    '{"title":"New"}',
  ])
})

test('an operation that needs no credentials is called without, where the call says so', async () => {
  const { issuer, api } = await setUp()
  expect((await getStatus({ authenticate: false })).status).toBe(204)
  expect([api.credentials(), issuer.tokenRequests]).toEqual([[undefined], 0])
})

test('an AuthError is thrown, and says what the issuer said', async () => {
  const { issuer } = await setUp()
  issuer.fail(1, 401, { body: { error: 'invalid_client' } })
  const failure: unknown = await listReports().catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(AuthError)
  expect(failure).toMatchObject({ error: 'invalid_client' })
})

describe('why the recipe says so:', () => {
  test('without throwOnError an AuthError is given back, and what the issuer said is written over', async () => {
    const { issuer } = await setUp()
    issuer.fail(1, 401, { body: { error: 'invalid_client' } })
    const answer: unknown = await listReports({ throwOnError: false })
    expect(answer).toBeInstanceOf(AuthError)
    expect(answer).toMatchObject({ error: {} })
  })

  test('without origins no request is sent, for the generated client sets no baseURL', async () => {
    const { api } = await setUp()
    const instance = axios.create()
    instance.interceptors.request.use(bearerAuth('fake-token'))
    await expect(listReports({ axios: instance })).rejects.toMatchObject({ code: 'ERR_AUTH_ORIGIN' })
    expect(api.requests).toEqual([])
  })
})
