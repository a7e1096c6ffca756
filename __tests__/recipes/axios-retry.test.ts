import type { AxiosError } from 'axios'
import { AuthError } from '#lib'
import { connect } from '../../examples/recipes/axios-retry'
import { startAuthorizationServer, startProtectedApi } from '../support/servers'

async function setUp() {
  const issuer = await startAuthorizationServer()
  const server = await startProtectedApi({ isValid: issuer.accepts })
  const { clientId, clientSecret } = issuer.clients.basic
  const api = connect({ issuerUrl: issuer.url, apiUrl: server.url, clientId, clientSecret })
  /** The API answers the next request with this status. */
  const failOnce = (status: number): void => {
    server.respond((_, response) => {
      server.respond(undefined)
      return Boolean(response.writeHead(status).end())
    })
  }
  return { issuer, server, api, failOnce }
}

test('a 503 of the API and a revoked token are both overcome within one request', async () => {
  const { issuer, server, api, failOnce } = await setUp()
  await api.get('/first')
  await issuer.revokeAll()
  failOnce(503)
  expect((await api.get('/things')).status).toBe(200)
  expect(server.requests.map(({ url }) => url)).toEqual(['/first', '/things', '/things', '/things'])
  expect(issuer.tokenRequests).toBe(2)
})

test('a 503 of the issuer is retried, though the token request is a POST', async () => {
  const { issuer, server, api } = await setUp()
  issuer.fail(1, 503)
  expect((await api.get('/things')).status).toBe(200)
  expect([issuer.tokenRequests, server.requests.length]).toEqual([2, 1])
})

test('a secret that the issuer refuses is asked about once, for neither instance retries it', async () => {
  const { issuer, server, api } = await setUp()
  issuer.fail(Number.POSITIVE_INFINITY, 401, { body: { error: 'invalid_client' } })
  const failure: unknown = await api.get('/things').catch((error: unknown) => error)
  expect(failure).toBeInstanceOf(AuthError)
  expect(failure).toMatchObject({ error: 'invalid_client' })
  expect([issuer.tokenRequests, server.requests.length]).toEqual([1, 0])
})

test('a POST to the API is replayed after a 401, and not retried after a 503', async () => {
  const { issuer, server, api, failOnce } = await setUp()
  await api.get('/first')
  await issuer.revokeAll()
  expect((await api.post('/things', { a: 1 })).data.body).toBe('{"a":1}')
  failOnce(503)
  const failure = (await api.post('/things', { a: 1 }).catch((error: unknown) => error)) as AxiosError
  expect(failure.response?.status).toBe(503)
  expect(server.requests).toHaveLength(1 + 2 + 1)
})
