import { Readable } from 'node:stream'
import axios, { type AxiosResponse } from 'axios'
import { type AuthEvent, bearerAuth, renewWith, type TokenEvent, tokenSource } from '#lib'
import { authorizationServer, clientSecretBasic, dpopAuth, none } from '#lib/oauth'
import { failureOf } from '../support/auth-failure'
import { startAuthorizationServer, startDpopApi, startServer } from '../support/servers'

const generateKeyPair = (extractable = false): Promise<CryptoKeyPair> =>
  crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, extractable, ['sign', 'verify'])

interface SetUp {
  readonly nonces?: 'none' | 'required'
  readonly issuerNonces?: 'none' | 'required'
  readonly announce?: boolean
  readonly challengeAlso?: string
  readonly adapter?: string
}

/** An issuer, an API that wants proofs, and an instance that gives them. */
async function setUp({ nonces = 'none', issuerNonces = 'none', adapter = 'http', ...api }: SetUp = {}) {
  const issuer = await startAuthorizationServer({ dpopNonces: issuerNonces })
  const resource = await startDpopApi({ boundTo: issuer.boundTo, nonces, ...api })
  const keyPair = await generateKeyPair()
  const { clientId, clientSecret } = issuer.clients.dpop
  const server = authorizationServer(axios.create({ adapter }), {
    issuer: issuer.url,
    clientId,
    clientAuthentication: clientSecretBasic(clientSecret),
    keyPair,
  })
  const events: (AuthEvent | TokenEvent)[] = []
  const source = tokenSource(server.clientCredentials({ scope: 'read' }), {
    onEvent: (event) => events.push(event),
  })
  const client = axios.create({ baseURL: resource.url, adapter })
  client.interceptors.request.use(dpopAuth(source, { keyPair, onEvent: (event) => events.push(event) }))
  const told = (type: string): number => events.filter((event) => event.type === type).length
  return { issuer, resource, keyPair, server, source, client, events, told }
}

const statuses = (answers: readonly AxiosResponse[]): number[] => [
  ...new Set(answers.map(({ status }) => status)),
]

describe('a proof', () => {
  test('is what RFC 9449 section 4.2 wants, for the token request without the token and for the API with it', async () => {
    const { issuer, resource, client } = await setUp()
    const { status } = await client.post('/things?page=2', { a: 1 }, { params: { b: 2 } })
    expect(status).toBe(200)
    const [proof] = resource.proofs
    expect(proof?.header).toEqual({
      alg: 'ES256',
      typ: 'dpop+jwt',
      jwk: { kty: 'EC', crv: 'P-256', x: expect.any(String), y: expect.any(String) },
    })
    expect(proof?.payload).toEqual({
      htm: 'POST',
      htu: `${resource.url}/things`,
      iat: expect.any(Number),
      jti: expect.any(String),
      ath: expect.any(String),
    })
    expect(issuer.lastTokenRequest?.dpopProof?.payload).toEqual({
      htm: 'POST',
      htu: issuer.tokenUrl,
      iat: expect.any(Number),
      jti: expect.any(String),
    })
  })

  test('is another for each send: 100 concurrent requests, and replays', async () => {
    const { issuer, resource, client } = await setUp()
    await client.get('/first')
    await issuer.revokeAll()
    const answers = await Promise.all(Array.from({ length: 100 }, (_, n) => client.get(`/${n}`)))
    expect(statuses(answers)).toEqual([200])
    const ids = resource.proofs.map(({ payload }) => payload.jti)
    expect(new Set(ids).size).toBe(ids.length)
    expect(issuer.tokenRequests).toBe(2)
  })

  test.each(['http', 'fetch'])(
    'is another at each redirect, and none goes elsewhere (%s)',
    async (adapter) => {
      const { resource, client } = await setUp({ adapter })
      const foreign = await startServer((_, response) => response.end('{}'))
      resource.respond((request, response) => {
        const to = { '/old': '/new', '/away': `${foreign.url}/elsewhere` }[request.url ?? '']
        if (!to) return false
        response.writeHead(307, { location: to }).end()
        return true
      })
      expect((await client.put('/old', { a: 1 })).data).toMatchObject({ method: 'PUT', body: '{"a":1}' })
      expect(resource.requests.map(({ url }) => url)).toEqual(['/old', '/new'])
      expect(resource.proofs.map(({ payload }) => payload.htu)).toEqual([`${resource.url}/new`])
      const htus = resource.requests.map(({ headers }) => headers.dpop)
      expect(new Set(htus).size).toBe(2)

      expect((await client.get('/away')).status).toBe(200)
      expect(foreign.requests[0]?.headers).not.toHaveProperty('dpop')
      expect(foreign.requests[0]?.headers).not.toHaveProperty('authorization')
    },
  )

  test('is seen in nothing that the caller gets', async () => {
    const { client, resource } = await setUp()
    const response = await client.get('/things')
    const error: unknown = await client
      .get('/missing', { validateStatus: () => false })
      .catch((e: unknown) => e)
    const { inspect } = await import('node:util')
    const seen = inspect([response, error, response.config], { depth: 12 })
    for (const { headers } of resource.requests) {
      for (const value of [headers.dpop, headers.authorization]) expect(seen).not.toContain(String(value))
    }
  })
})

describe('nonces', () => {
  test('the token endpoint and the API both want their own: one request overcomes it all', async () => {
    const { issuer, resource, client, told } = await setUp({ nonces: 'required', issuerNonces: 'required' })
    expect((await client.get('/things')).status).toBe(200)
    expect(issuer.tokenRequestLog.map(({ status }) => status)).toEqual([400, 200])
    expect(issuer.lastTokenRequest?.dpopProof?.payload.nonce).toEqual(expect.any(String))
    expect(resource.proofs.map(({ payload }) => payload.nonce)).toEqual([undefined, resource.nonce()])
    // Neither the replay nor the token's budget is touched.
    expect([told('replayed'), told('rejected'), told('fetched')]).toEqual([0, 0, 1])
    expect((await client.get('/next')).status).toBe(200)
    expect(resource.requests).toHaveLength(3)
  })

  test('one that is announced with a success is used from then on', async () => {
    const { resource, client } = await setUp({ nonces: 'required' })
    await client.get('/one')
    const next = resource.rotateNonce({ keepOld: true })
    await client.get('/two')
    resource.rotateNonce({ keepOld: true })
    await client.get('/three')
    expect(resource.requests).toHaveLength(4)
    expect(resource.proofs.at(-1)?.payload.nonce).toBe(next)
  })

  test('rotation in mid-flight: 100 concurrent requests are all served, without a new token', async () => {
    const { issuer, resource, client } = await setUp({ nonces: 'required' })
    await client.get('/first')
    resource.pause()
    const waiting = Array.from({ length: 100 }, (_, n) => client.get(`/before/${n}`))
    await resource.held(100)
    resource.rotateNonce()
    const late = Array.from({ length: 100 }, (_, n) => client.get(`/after/${n}`))
    resource.resume()
    expect(statuses(await Promise.all([...waiting, ...late]))).toEqual([200])
    expect(issuer.tokenRequests).toBe(1)
  })

  test('a nonce and a new token are had in one request: 401, 401, 200', async () => {
    const { issuer, resource, client, told } = await setUp({ nonces: 'required' })
    await client.get('/first')
    await issuer.revokeAll()
    resource.rotateNonce()
    expect((await client.get('/things')).status).toBe(200)
    expect(resource.requests).toHaveLength(5)
    expect([told('rejected'), told('replayed')]).toEqual([1, 1])
    expect(issuer.tokenRequests).toBe(2)
  })

  test('are found behind another challenge in the same line', async () => {
    const { resource, client, issuer } = await setUp({
      nonces: 'required',
      challengeAlso: 'Bearer realm="api"',
    })
    expect((await client.get('/things')).status).toBe(200)
    expect([resource.requests.length, issuer.tokenRequests]).toEqual([2, 1])
  })

  test.each([
    ['a 401 for the token itself', 401, 'DPoP error="invalid_token"', 2, 2],
    ['a 401 of another scheme', 401, 'Bearer error="use_dpop_nonce"', 1, 1],
    ['a 403', 403, 'DPoP error="use_dpop_nonce"', 1, 1],
    ['a success', 200, 'DPoP error="use_dpop_nonce"', 1, 1],
  ])('are no reason to send again in %s', async (_, status, challenge, sends, tokens) => {
    const { resource, client, issuer } = await setUp()
    resource.respond((_, response) => {
      response.writeHead(status, { 'www-authenticate': challenge, 'dpop-nonce': 'fake-nonce' }).end()
      return true
    })
    await client.get('/things', { validateStatus: () => true })
    expect([resource.requests.length, issuer.tokenRequests]).toEqual([sends, tokens])
  })

  test('a server that is never content gets two sends, and the caller its 401', async () => {
    const { resource, client, issuer } = await setUp({ nonces: 'required' })
    resource.respond((_, response) => {
      const headers = {
        'www-authenticate': 'DPoP error="use_dpop_nonce"',
        'dpop-nonce': String(Math.random()),
      }
      response.writeHead(401, headers).end()
      return true
    })
    for (let round = 0; round < 8; round += 1) {
      await expect(client.get('/things')).rejects.toMatchObject({ response: { status: 401 } })
    }
    expect(resource.requests).toHaveLength(16)
    expect(issuer.tokenRequests).toBe(1)
  })

  test('a token endpoint that is never content gets two requests, and the caller its words', async () => {
    const server = await startServer((_, response) =>
      response
        .writeHead(400, { 'content-type': 'application/json', 'dpop-nonce': String(Math.random()) })
        .end(JSON.stringify({ error: 'use_dpop_nonce' })),
    )
    const { clientCredentials } = authorizationServer(axios.create(), {
      metadata: { issuer: server.url, token_endpoint: `${server.url}/token` },
      clientId: 'fake-client',
      keyPair: await generateKeyPair(),
    })
    expect(await failureOf(tokenSource(clientCredentials()).get())).toMatchObject({ error: 'use_dpop_nonce' })
    expect(server.requests).toHaveLength(2)
  })

  test('rotated at the token endpoint while renewals go on', async () => {
    const { issuer, source } = await setUp({ issuerNonces: 'required' })
    await source.get()
    issuer.rotateDpopNonce()
    await source.renew()
    expect(issuer.tokenRequestLog.map(({ status }) => status)).toEqual([400, 200, 400, 200])
  })

  test.each(['http', 'fetch'])(
    'a place behind a redirect wants one: only that hop is sent again (%s)',
    async (adapter) => {
      const { issuer, resource, keyPair, source } = await setUp({ nonces: 'required' })
      const home = await startDpopApi({ boundTo: issuer.boundTo })
      home.respond((request, response) => {
        if (request.method !== 'POST') return false
        response.writeHead(303, { location: `${resource.url}/orders/1` }).end()
        return true
      })
      const client = axios.create({ baseURL: home.url, adapter })
      const origins = [home.url, resource.url]
      client.interceptors.request.use(dpopAuth(source, { keyPair, origins }))
      expect((await client.post('/orders', { a: 1 })).data).toMatchObject({ method: 'GET', url: '/orders/1' })
      expect(home.requests.map(({ method }) => method)).toEqual(['POST'])
      expect(resource.requests.map(({ url }) => url)).toEqual(['/orders/1', '/orders/1'])
    },
  )

  test('a body that can be read once is not sent again for a nonce', async () => {
    const { resource, client } = await setUp({ nonces: 'required' })
    const sending = client.post('/upload', Readable.from(['once']))
    await expect(sending).rejects.toMatchObject({ response: { status: 401 } })
    expect(resource.requests).toHaveLength(1)
    // It has been learned all the same.
    expect((await client.post('/upload', Readable.from(['again']))).data).toMatchObject({ body: 'again' })
  })
})

describe('refusals', () => {
  test('invalid_dpop_proof: another token would not help, so none is fetched', async () => {
    const { issuer, resource, client } = await setUp()
    await client.get('/first')
    resource.respond((_, response) => {
      response.writeHead(401, { 'www-authenticate': 'DPoP error="invalid_dpop_proof"' }).end()
      return true
    })
    await expect(client.get('/things')).rejects.toMatchObject({ response: { status: 401 } })
    expect(issuer.tokenRequests).toBe(1)
    expect(resource.requests).toHaveLength(2)
  })

  test('a token of another key is refused, and the caller gets the 401 in the end', async () => {
    const { resource, source } = await setUp()
    const client = axios.create({ baseURL: resource.url })
    client.interceptors.request.use(dpopAuth(source, { keyPair: await generateKeyPair() }))
    await expect(client.get('/things')).rejects.toMatchObject({ response: { status: 401 } })
    expect(resource.requests).toHaveLength(2)
  })

  test.each(['DPoP', 'dpop', undefined, null])(
    'a token whose token_type is %p is sent',
    async (token_type) => {
      const { source, resource, keyPair } = await setUp()
      const { value: access_token } = await source.get()
      const client = axios.create({ baseURL: resource.url })
      const answer = { access_token, token_type } as { access_token: string }
      client.interceptors.request.use(dpopAuth(() => answer, { keyPair }))
      expect((await client.get('/things')).status).toBe(200)
    },
  )

  test.each(['Bearer', 5])(
    'a token whose token_type is %p is an error that says what to do',
    async (token_type) => {
      const { resource, keyPair } = await setUp()
      const client = axios.create({ baseURL: resource.url })
      const fetchToken = () => ({ value: 'fake-token', token_type })
      client.interceptors.request.use(dpopAuth(fetchToken, { keyPair }))
      expect(await failureOf(client.get('/things'))).toMatchObject({
        code: 'ERR_AUTH_TOKEN_RESPONSE',
        message: expect.stringContaining('Give authorizationServer the same `keyPair`'),
      })
      expect(resource.requests).toHaveLength(0)
    },
  )

  test('a token that is bound is not sent as a bearer token', async () => {
    const { resource, source } = await setUp()
    const client = axios.create({ baseURL: resource.url })
    client.interceptors.request.use(bearerAuth(source))
    expect(await failureOf(client.get('/things'))).toMatchObject({
      message: expect.stringContaining('send it with dpopAuth'),
    })
    expect(resource.requests).toHaveLength(0)
  })

  test('what refuses a token is what I say', async () => {
    const { resource, source, keyPair, issuer } = await setUp()
    const client = axios.create({ baseURL: resource.url, validateStatus: () => true })
    const isRejected = ({ status }: { status: number }) => status === 419
    client.interceptors.request.use(dpopAuth(source, { keyPair, isRejected, stepUp: false }))
    resource.respond((_, response) => {
      response.writeHead(419).end()
      return true
    })
    await client.get('/things')
    expect([resource.requests.length, issuer.tokenRequests]).toEqual([2, 2])
  })

  test('a request that brings its own Authorization keeps it, and gets no proof', async () => {
    const { resource, client, issuer } = await setUp()
    const headers = { Authorization: 'Bearer of-its-own' }
    await expect(client.get('/things', { headers })).rejects.toMatchObject({ response: { status: 401 } })
    expect(resource.requests[0]?.headers).toMatchObject({ authorization: 'Bearer of-its-own' })
    expect(resource.requests[0]?.headers).not.toHaveProperty('dpop')
    expect(issuer.tokenRequests).toBe(0)
  })
})

test('the refresh token of a public client is bound to the key, too', async () => {
  const issuer = await startAuthorizationServer({ dpopNonces: 'required' })
  const keyPair = await generateKeyPair()
  const { clientId, redirectUri } = issuer.clients.dpopPublic
  const server = authorizationServer(axios.create(), {
    issuer: issuer.url,
    clientId,
    clientAuthentication: none(),
    keyPair,
  })
  const login = await server.authorizationRequest({
    redirectUri,
    scope: 'openid offline_access read',
    parameters: { prompt: 'consent' },
  })
  const jkt = new URL(login.url).searchParams.get('dpop_jkt')
  const callbackUrl = await issuer.authorize(login.url)
  const source = tokenSource(
    renewWith(server.refreshToken(), server.authorizationCode({ ...login, callbackUrl })),
  )
  await source.get()
  const { value } = await source.renew()
  expect(await issuer.boundTo(value)).toBe(jkt)
  expect(issuer.tokenRequestLog.map(({ grantType, status }) => [grantType, status])).toEqual([
    ['authorization_code', 400],
    ['authorization_code', 200],
    ['refresh_token', 200],
  ])
})

test('a slip in the options is a TypeError that names it', async () => {
  const keyPair = await generateKeyPair()
  const fetchToken = () => 'fake-token'
  expect(() => dpopAuth(fetchToken, undefined as never)).toThrow('`options`')
  expect(() => dpopAuth(fetchToken, {} as never)).toThrow('`keyPair`')
  expect(() => dpopAuth('fake-token' as never, { keyPair })).toThrow(
    '`token` must be a function or a token source',
  )
  expect(() => dpopAuth(fetchToken, { keyPair, isRejected: 401 as never })).toThrow('`isRejected`')
  const { privateKey } = await generateKeyPair(true)
  for (const wrong of [{ privateKey }, { privateKey, publicKey: privateKey }])
    expect(() => dpopAuth(fetchToken, { keyPair: wrong as CryptoKeyPair })).toThrow(
      '`keyPair` must be a CryptoKeyPair for signing (ECDSA, Ed25519, RSASSA-PKCS1-v1_5, RSA-PSS), such as',
    )
  const { publicKey } = keyPair
  expect(() => dpopAuth(fetchToken, { keyPair: { publicKey, privateKey: publicKey } })).toThrow('`keyPair`')
})
