import { Agent } from 'node:https'
import axios from 'axios'
import { type AuthError, tokenSource } from '#lib'
import {
  authorizationServer,
  type ClientAuthentication,
  clientSecretBasic,
  clientSecretJwt,
  clientSecretPost,
  none,
  privateKeyJwt,
  tlsClientAuth,
} from '#lib/oauth'
import { failureOf, shown } from '../support/auth-failure'
import { startAuthorizationServer, startServer, startTlsAuthorizationServer } from '../support/servers'

type Issuer = Awaited<ReturnType<typeof startAuthorizationServer>>
type ClientName = keyof Issuer['clients']

const importKey = (jwk: object): Promise<CryptoKey> =>
  crypto.subtle.importKey('jwk', jwk, { name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign'])

function serverFor(issuer: Issuer, name: ClientName, clientAuthentication: ClientAuthentication) {
  return authorizationServer(axios.create(), {
    issuer: issuer.url,
    clientId: issuer.clients[name].clientId,
    clientAuthentication,
  })
}

describe('each way of client authentication is accepted by a real server, however awkward the secret', () => {
  test.each<[string, ClientName, (issuer: Issuer) => ClientAuthentication | Promise<ClientAuthentication>]>([
    ['client_secret_basic', 'awkward', ({ clients }) => clientSecretBasic(clients.awkward.clientSecret)],
    [
      'client_secret_post',
      'awkwardPost',
      ({ clients }) => clientSecretPost(clients.awkwardPost.clientSecret),
    ],
    ['client_secret_jwt', 'secretJwt', ({ clients }) => clientSecretJwt(clients.secretJwt.clientSecret)],
    [
      'private_key_jwt',
      'privateKeyJwt',
      async ({ clients: { privateKeyJwt: client } }) =>
        privateKeyJwt({ key: await importKey(client.privateJwk), kid: client.privateJwk.kid }),
    ],
  ])('%s', async (method, name, authentication) => {
    const issuer = await startAuthorizationServer()
    const server = serverFor(issuer, name, await authentication(issuer))
    const { value } = await tokenSource(server.clientCredentials({ scope: 'read' })).get()
    expect(issuer.lastTokenRequest?.clientAuthentication).toBe(method)
    expect(await issuer.describe(value)).toMatchObject({
      clientId: issuer.clients[name].clientId,
      scope: 'read',
    })
    // Its other endpoints authenticate it the same way.
    expect(await server.introspect(value)).toMatchObject({ active: true, scope: 'read' })
    await server.revoke(value)
    expect(await server.introspect(value, 'access_token')).toEqual({ active: false })
  })

  test('none: a public client', async () => {
    const issuer = await startAuthorizationServer()
    const refreshToken = await issuer.issueRefreshToken({ client: 'public' })
    const server = serverFor(issuer, 'public', none())
    await tokenSource(server.refreshToken({ refreshToken })).get()
    expect(issuer.lastTokenRequest).toMatchObject({
      clientAuthentication: 'none',
      parameters: { client_id: issuer.clients.public.clientId },
    })
  })

  test('self_signed_tls_client_auth, by the agent of the instance, at the aliases of the endpoints', async () => {
    const issuer = await startTlsAuthorizationServer()
    const { ca, clientCertificate, clients } = issuer
    const httpsAgent = new Agent({ ca, ...clientCertificate })
    const server = authorizationServer(axios.create({ httpsAgent }), {
      issuer: issuer.url,
      clientId: clients.tls.clientId,
      clientAuthentication: tlsClientAuth(),
    })
    const { value } = await tokenSource(server.clientCredentials({ scope: 'read' })).get()
    expect(issuer.lastTokenRequest?.clientAuthentication).toBe('tls')
    expect(await issuer.describe(value)).toMatchObject({ clientId: clients.tls.clientId })
    expect(await server.introspect(value)).toMatchObject({ active: true })
    httpsAgent.destroy()

    const strange = new Agent({ ca, ...(await issuer.strangeCertificate()) })
    const stranger = authorizationServer(axios.create({ httpsAgent: strange }), {
      issuer: issuer.url,
      clientId: clients.tls.clientId,
      clientAuthentication: tlsClientAuth(),
    })
    expect(await failureOf(tokenSource(stranger.clientCredentials()).get())).toMatchObject({
      error: 'invalid_client',
    })
    strange.destroy()
  })
})

test('a Basic secret goes out raw where the server wants it so', async () => {
  const issuer = await startAuthorizationServer()
  const seen: (string | undefined)[] = []
  const client = axios.create()
  client.interceptors.request.use((config) => {
    seen.push(config.headers.get('Authorization')?.toString())
    return config
  })
  for (const encoding of ['form', 'raw'] as const) {
    const server = authorizationServer(client, {
      issuer: issuer.url,
      clientId: 'fake-client',
      clientAuthentication: clientSecretBasic('a:b% c', { encoding }),
    })
    await failureOf(tokenSource(server.clientCredentials()).get())
  }
  expect(seen.filter(Boolean).map((field) => atob(field?.slice('Basic '.length) ?? ''))).toEqual([
    'fake-client:a%3Ab%25+c',
    'fake-client:a:b% c',
  ])
})

test.each<[string, Parameters<typeof privateKeyJwt>[1], (issuer: Issuer) => unknown]>([
  ['the issuer', undefined, ({ url }) => url],
  ['the token endpoint', { audience: ({ token_endpoint }) => token_endpoint }, ({ tokenUrl }) => tokenUrl],
  [
    'what was given',
    { audience: ['https://a.example', 'https://b.example'] },
    () => ['https://a.example', 'https://b.example'],
  ],
])('an assertion is for %s', async (_, options, audience) => {
  const issuer = await startAuthorizationServer()
  const { privateJwk } = issuer.clients.privateKeyJwt
  const server = serverFor(issuer, 'privateKeyJwt', privateKeyJwt(await importKey(privateJwk), options))
  await tokenSource(server.clientCredentials())
    .get()
    .catch(() => undefined)
  expect(issuer.lastTokenRequest?.clientAssertion?.payload).toMatchObject({
    aud: audience(issuer),
    iss: issuer.clients.privateKeyJwt.clientId,
  })
})

test('an assertion that is signed with the secret is for what was given, too', async () => {
  const issuer = await startAuthorizationServer()
  const audience = 'https://a.example'
  const server = serverFor(
    issuer,
    'secretJwt',
    clientSecretJwt('fake-secret-of-some-length-0123456789', { audience }),
  )
  await failureOf(tokenSource(server.clientCredentials()).get())
  expect(issuer.lastTokenRequest?.clientAssertion?.payload).toMatchObject({ aud: audience })
})

test('no assertion goes out twice, in however many requests', async () => {
  const issuer = await startAuthorizationServer()
  const { privateJwk } = issuer.clients.privateKeyJwt
  const server = serverFor(issuer, 'privateKeyJwt', privateKeyJwt(await importKey(privateJwk)))
  const fetchToken = server.clientCredentials()
  await Promise.all(Array.from({ length: 10 }, () => tokenSource(fetchToken).get()))
  const ids = issuer.tokenRequestLog.map(({ clientAssertion }) => clientAssertion?.payload.jti)
  expect(new Set(ids).size).toBe(10)
})

test.each<[string, ClientAuthentication]>([
  ['in the header', clientSecretBasic('wrong-but-secret-7316')],
  ['in the body', clientSecretPost('wrong-but-secret-7316')],
  ['in an assertion', clientSecretJwt('wrong-but-secret-7316 wrong-but-secret-7316')],
  ['in a function that fails', clientSecretPost(() => Promise.reject(new Error('the vault is sealed')))],
])('a wrong secret %s gives an error that says so without showing it', async (_, clientAuthentication) => {
  const issuer = await startAuthorizationServer()
  const server = serverFor(issuer, 'post', clientAuthentication)
  const failures: AuthError[] = [
    await failureOf(tokenSource(server.clientCredentials()).get()),
    await failureOf(server.introspect('fake-token')),
    await failureOf(server.revoke('fake-token')),
  ]
  for (const failure of failures) {
    expect(failure.message).toMatch(/invalid_client|The function `secret` failed/)
    expect(shown(failure)).not.toContain('wrong-but-secret-7316')
    expect(shown(failure)).not.toContain(btoa('wrong-but-secret-7316').slice(0, 20))
  }
})

test('a token that cannot be revoked is no error of a log-out; a revocation that fails is', async () => {
  const issuer = await startAuthorizationServer()
  const server = serverFor(issuer, 'basic', clientSecretBasic(issuer.clients.basic.clientSecret))
  const jwt = await tokenSource(
    server.clientCredentials({ scope: 'read', resource: 'https://api.example.com/jwt' }),
  ).get()
  expect(jwt.value.split('.')).toHaveLength(3)
  await server.revoke(jwt.value)
  await server.revoke('no token at all')
  await issuer.close()
  expect(await failureOf(server.revoke('fake-token'))).toMatchObject({
    code: 'ERR_AUTH_TOKEN_REQUEST',
    message: expect.stringMatching(/^The token could not be revoked: ./),
  })
})

/** A server that is asked of tokens only. */
const serverAt = (url: string) =>
  authorizationServer(axios.create(), {
    metadata: {
      issuer: url,
      revocation_endpoint: `${url}/revoke`,
      introspection_endpoint: `${url}/introspect`,
    },
    clientId: 'fake-client',
  })

test('a server that is asked of a token is told what kind it is, where that is known', async () => {
  const sent: (string | null)[] = []
  const asked = await startServer((_, response, body) => {
    sent.push(new URLSearchParams(body.toString()).get('token_type_hint'))
    response.setHeader('content-type', 'application/json').end('{"active":false}')
  })
  const server = serverAt(asked.url)
  await server.revoke('fake-token', 'refresh_token')
  await server.introspect('fake-token', 'access_token')
  await server.revoke('fake-token')
  await server.introspect('fake-token')
  expect(sent).toEqual(['refresh_token', 'access_token', null, null])
  for (const ask of [server.revoke, server.introspect]) await expect(ask('')).rejects.toThrow('`token`')
})

test('what the server says of a token that it is asked of is told with what it was asked', async () => {
  const failing = await startServer((_, response) => response.writeHead(500).end())
  const server = serverAt(failing.url)
  expect((await failureOf(server.revoke('fake-token'))).message).toBe('The revocation failed with status 500')
  expect((await failureOf(server.introspect('fake-token'))).message).toBe(
    'The introspection failed with status 500',
  )
  await failing.close()
  expect((await failureOf(server.introspect('fake-token'))).message).toMatch(
    /^The token could not be introspected: ./,
  )
})
