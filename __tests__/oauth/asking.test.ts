import type { IncomingMessage, ServerResponse } from 'node:http'
import axios, { type AxiosInstance } from 'axios'
import MockAdapter from 'axios-mock-adapter'
import axiosRetry from 'axios-retry'
import { decodeJwt } from 'jose'
import { AuthError, basicAuth, bearerAuth, tokenSource } from '#lib'
import {
  type AuthorizationServerOptions,
  authorizationServer,
  clientSecretBasic,
  clientSecretJwt,
  clientSecretPost,
  privateKeyJwt,
} from '#lib/oauth'
import { failureOf } from '../support/auth-failure'
import { startServer } from '../support/servers'

const CLIENT_SECRET = 'not-a-secret: % + & but awkward and long'
/** What is kept while the user is at the server. */
const KEPT = { redirectUri: 'https://app.example/', state: 'fake-state', codeVerifier: 'fake-verifier' }
const TOKEN = { access_token: 'fake-token', token_type: 'Bearer', expires_in: 600 }

type Answer = (request: IncomingMessage, response: ServerResponse, body: URLSearchParams) => unknown

const json = (response: ServerResponse, body: unknown, status = 200, headers = {}): void => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body))
}

/** An authorization server written by hand, whose token endpoint answers as the test says. */
async function start(answer: Answer = (_, response) => json(response, TOKEN)) {
  const server = await startServer((request, response, body) => {
    if (request.url?.startsWith('/.well-known/'))
      return json(response, { issuer: server.url, token_endpoint: `${server.url}/token` })
    return answer(request, response, new URLSearchParams(body.toString()))
  })
  const asked = (path: string): number => server.requests.filter(({ url }) => url === path).length
  const bodies = (): URLSearchParams[] =>
    server.requests
      .filter(({ url }) => url === '/token')
      .map(({ body }) => new URLSearchParams(body.toString()))
  const make = (client: AxiosInstance, options: Partial<AuthorizationServerOptions> = {}) =>
    authorizationServer(client, {
      issuer: server.url,
      clientId: 'fake-client',
      clientAuthentication: clientSecretPost(CLIENT_SECRET),
      ...options,
    })
  return { server, asked, bodies, make }
}

describe('the metadata of the server', () => {
  test('are fetched when the first token is, and once for all', async () => {
    const { asked, make } = await start()
    const server = make(axios.create())
    expect(asked('/.well-known/openid-configuration')).toBe(0)
    const sources = Array.from({ length: 20 }, () => tokenSource(server.clientCredentials()))
    await Promise.all(sources.map((source) => source.get()))
    await tokenSource(server.clientCredentials()).get()
    expect(asked('/.well-known/openid-configuration')).toBe(1)
    expect(asked('/token')).toBe(21)
  })

  test('come from the place of RFC 8414 where OpenID has none', async () => {
    const server = await startServer((request, response) => {
      if (request.url === '/.well-known/oauth-authorization-server/tenant')
        return json(response, { issuer: `${server.url}/tenant`, token_endpoint: `${server.url}/token` })
      return request.url === '/token' ? json(response, TOKEN) : response.writeHead(404).end()
    })
    const { clientCredentials } = authorizationServer(axios.create(), {
      issuer: `${server.url}/tenant`,
      clientId: 'fake-client',
    })
    expect((await tokenSource(clientCredentials()).get()).value).toBe('fake-token')
    expect(server.requests.map(({ url }) => url)).toEqual([
      '/tenant/.well-known/openid-configuration',
      '/.well-known/oauth-authorization-server/tenant',
      '/token',
    ])
  })

  test('that could not be had are asked for again by the next token', async () => {
    let isDown = true
    const server = await startServer((request, response) => {
      if (isDown) return response.writeHead(503, { 'retry-after': '0' }).end()
      return request.url === '/token'
        ? json(response, TOKEN)
        : json(response, { issuer: server.url, token_endpoint: `${server.url}/token` })
    })
    const source = tokenSource(
      authorizationServer(axios.create(), {
        issuer: server.url,
        clientId: 'fake-client',
      }).clientCredentials(),
    )
    expect(await failureOf(source.get())).toMatchObject({
      code: 'ERR_AUTH_TOKEN_REQUEST',
      status: 503,
      message: `The discovery of ${server.url}/ failed with status 503`,
    })
    isDown = false
    expect((await source.get()).value).toBe('fake-token')
  })

  test('of another issuer are refused', async () => {
    const server = await startServer((_, response) =>
      json(response, {
        issuer: 'https://elsewhere.example',
        token_endpoint: 'https://elsewhere.example/token',
      }),
    )
    const { clientCredentials } = authorizationServer(axios.create(), {
      issuer: server.url,
      clientId: 'fake-client',
    })
    expect(await failureOf(tokenSource(clientCredentials()).get())).toMatchObject({
      code: 'ERR_AUTH_TOKEN_RESPONSE',
      message: expect.stringMatching(
        /^The metadata of http:.+ cannot be used: they are of "https:\/\/elsewhere.example"$/,
      ),
    })
  })

  test.each([
    ['a page', 'text/html', '<html>'],
    ['what names no issuer', 'application/json', '{}'],
  ])('that are %s are refused, with what is wrong', async (_, type, body) => {
    const server = await startServer((_, response) => response.setHeader('content-type', type).end(body))
    const { clientCredentials } = authorizationServer(axios.create(), {
      issuer: server.url,
      clientId: 'fake-client',
    })
    const failure = await failureOf(tokenSource(clientCredentials()).get())
    expect(failure).toMatchObject({ code: 'ERR_AUTH_TOKEN_RESPONSE', cause: expect.any(Error) })
    expect(failure.message).toMatch(/^The metadata of http:\S+ cannot be used: ("response"|[a-z])/i)
    expect(failure.message).not.toContain('they are of')
  })

  test('of a server that is not there', async () => {
    const server = await startServer(() => undefined)
    await server.close()
    const { metadata } = authorizationServer(axios.create(), { issuer: server.url, clientId: 'fake-client' })
    expect(await failureOf(metadata())).toMatchObject({
      code: 'ERR_AUTH_TOKEN_REQUEST',
      message: expect.stringMatching(/^The metadata of http:\S+ could not be fetched: ./),
    })
  })

  test('may be given where there is no discovery', async () => {
    const { server, asked, make } = await start()
    const metadata = { issuer: 'https://no-discovery.example', token_endpoint: `${server.url}/token` }
    const given = make(axios.create(), { issuer: undefined, metadata })
    expect((await tokenSource(given.clientCredentials()).get()).value).toBe('fake-token')
    expect(asked('/.well-known/openid-configuration')).toBe(0)
  })

  test('without the endpoint that is needed give an error that names it', async () => {
    const given = authorizationServer(axios.create(), {
      metadata: { issuer: 'https://no-discovery.example' },
      clientId: 'fake-client',
    })
    expect(await failureOf(tokenSource(given.clientCredentials()).get())).toMatchObject({
      code: 'ERR_AUTH_TOKEN_REQUEST',
      message: 'The metadata of https://no-discovery.example have no usable token_endpoint',
    })
    expect(
      await failureOf(given.authorizationRequest({ redirectUri: 'https://app.example/' })),
    ).toMatchObject({
      code: 'ERR_AUTH_TOKEN_REQUEST',
      message: 'The metadata of https://no-discovery.example have no authorization_endpoint',
    })
  })
})

describe('all goes through the axios instance', () => {
  test('with its interceptors, headers and adapters, and with the token request known as one', async () => {
    const { server, make } = await start()
    const client = axios.create({ baseURL: 'https://unused.example', headers: { 'X-Proxy': 'fake-proxy' } })
    const seen: (string | undefined)[] = []
    client.interceptors.request.use((config) => {
      seen.push(config.url)
      return config
    })
    const fetchToken = make(client).clientCredentials()
    const source = tokenSource(fetchToken)
    // A slip: the instance waits for the token that is fetched through it.
    client.interceptors.request.use(bearerAuth(source, { origins: [server.url] }))
    await source.get()
    expect(seen).toEqual([`${server.url}/.well-known/openid-configuration`, `${server.url}/token`])
    expect(server.requests.map(({ headers }) => headers['x-proxy'])).toEqual(['fake-proxy', 'fake-proxy'])
    expect(server.requests.map(({ headers }) => headers['user-agent'])).not.toContainEqual(
      expect.stringContaining('oauth4webapi'),
    )
  })

  test.each(['http', 'fetch'])('over the %s adapter, and no redirect is followed', async (adapter) => {
    const elsewhere = await startServer((_, response) => json(response, TOKEN))
    const { make } = await start((_, response) =>
      response.writeHead(307, { location: `${elsewhere.url}/token` }).end(),
    )
    const source = tokenSource(make(axios.create({ adapter })).clientCredentials())
    expect(await failureOf(source.get())).toMatchObject({
      status: 307,
      message: expect.stringContaining('it redirects'),
    })
    expect(elsewhere.requests).toHaveLength(0)
  })

  test.each([
    ['that of the instance', 5000, 5000],
    ['30 s, where it has none', undefined, 30_000],
  ])('in a time that is %s', async (_, timeout, expected) => {
    const { make } = await start()
    const client = axios.create({ ...(timeout && { timeout }) })
    const timeouts: unknown[] = []
    client.interceptors.request.use((config) => {
      timeouts.push(config.timeout)
      return config
    })
    await tokenSource(make(client).clientCredentials()).get()
    expect(timeouts).toEqual([expected, expected])
  })

  test('though that instance has its responses as streams', async () => {
    const { make } = await start()
    const source = tokenSource(make(axios.create({ responseType: 'stream' })).clientCredentials())
    expect((await source.get()).value).toBe('fake-token')
  })

  test('over axios-mock-adapter', async () => {
    const client = axios.create()
    const mock = new MockAdapter(client)
    mock.onGet('https://login.example/.well-known/openid-configuration').reply(
      200,
      { issuer: 'https://login.example', token_endpoint: 'https://login.example/token' },
      {
        'content-type': 'application/json',
      },
    )
    mock.onPost('https://login.example/token').reply(200, TOKEN, { 'content-type': 'application/json' })
    const server = authorizationServer(client, { issuer: 'https://login.example', clientId: 'fake-client' })
    expect((await tokenSource(server.clientCredentials()).get()).value).toBe('fake-token')
    expect(mock.history.post[0]?.data).toBe('grant_type=client_credentials&client_id=fake-client')
  })

  test('with validateStatus: () => true an error is an error all the same', async () => {
    const { make } = await start((_, response) => json(response, { error: 'invalid_client' }, 401))
    const source = tokenSource(make(axios.create({ validateStatus: () => true })).clientCredentials())
    expect(await failureOf(source.get())).toMatchObject({ status: 401, error: 'invalid_client' })
  })

  test('an interceptor that gives something else than the response is named as the cause', async () => {
    const { make } = await start()
    const client = axios.create()
    client.interceptors.response.use(({ data }) => data)
    expect(await failureOf(tokenSource(make(client).clientCredentials()).get())).toMatchObject({
      code: 'ERR_AUTH_TOKEN_RESPONSE',
      message: expect.stringContaining('An interceptor of the client instance'),
    })
  })

  test('credentials of an interceptor for another origin do not come along', async () => {
    const { server, make } = await start()
    const client = axios.create({ baseURL: 'https://unused.example' })
    client.interceptors.request.use(basicAuth({ username: 'fake-user', password: 'fake-password' }))
    await tokenSource(make(client).clientCredentials()).get()
    expect(server.requests.map(({ headers }) => headers.authorization)).toEqual([undefined, undefined])
  })
})

describe('a retry of the user’s instance', () => {
  /** Fails so many token requests with 503. */
  const failing = (times: number): Answer => {
    let left = times
    return (_, response) => {
      left -= 1
      return left >= 0 ? response.writeHead(503).end() : json(response, TOKEN)
    }
  }
  const retrying = (): AxiosInstance => {
    const client = axios.create()
    axiosRetry(client, { retries: 3, retryDelay: () => 0, retryCondition: () => true })
    return client
  }

  test.each<[string, () => Promise<AuthorizationServerOptions['clientAuthentication']>]>([
    ['client_secret_jwt', () => Promise.resolve(clientSecretJwt(CLIENT_SECRET))],
    [
      'private_key_jwt',
      async () => {
        const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }
        const { privateKey } = await crypto.subtle.generateKey(algorithm, false, ['sign', 'verify'])
        return privateKeyJwt({ key: privateKey, kid: 'fake-kid' })
      },
    ],
  ])('sends a fresh assertion each time: %s', async (_, clientAuthentication) => {
    const { make, bodies } = await start(failing(2))
    const server = make(retrying(), { clientAuthentication: await clientAuthentication() })
    await tokenSource(server.clientCredentials({ scope: 'read' })).get()
    expect(bodies()).toHaveLength(3)
    const ids = bodies().map((body) => decodeJwt(body.get('client_assertion') ?? '').jti)
    expect(new Set(ids).size).toBe(3)
    expect(bodies().map((body) => body.get('scope'))).toEqual(['read', 'read', 'read'])
  })

  test('asks a function for the secret each time', async () => {
    const { server, make } = await start(failing(2))
    let asked = 0
    const clientAuthentication = clientSecretBasic(() => {
      asked += 1
      return `fake-secret-${asked}`
    })
    await tokenSource(make(retrying(), { clientAuthentication }).clientCredentials()).get()
    const sent = server.requests.map(({ headers }) => atob((headers.authorization ?? '').slice(6)))
    expect(sent.slice(1)).toEqual([
      'fake-client:fake-secret-1',
      'fake-client:fake-secret-2',
      'fake-client:fake-secret-3',
    ])
  })

  test('does not send a refresh token again whose answer was lost', async () => {
    const { make, asked } = await start((request) => request.socket.destroy())
    const source = tokenSource(make(retrying()).refreshToken({ refreshToken: 'fake-refresh' }))
    expect(await failureOf(source.get())).toMatchObject({
      code: 'ERR_AUTH_TOKEN_REQUEST',
      message: expect.stringContaining('the grant is dead'),
    })
    expect(asked('/token')).toBe(1)
  })

  test('does not send a code again whose answer was lost', async () => {
    const { server, make, asked } = await start((request) => request.socket.destroy())
    const callbackUrl = `https://app.example/?code=fake-code&state=fake-state&iss=${server.url}`
    const source = tokenSource(make(retrying()).authorizationCode({ ...KEPT, callbackUrl }))
    expect(await failureOf(source.get())).toMatchObject({ code: 'ERR_AUTH_TOKEN_REQUEST' })
    expect(asked('/token')).toBe(1)
  })

  test('sends what uses up nothing again though its answer was lost', async () => {
    let isFirst = true
    const { make, asked } = await start((request, response) => {
      if (!isFirst) return json(response, TOKEN)
      isFirst = false
      return request.socket.destroy()
    })
    expect((await tokenSource(make(retrying()).clientCredentials()).get()).value).toBe('fake-token')
    expect(asked('/token')).toBe(2)
  })

  test('asks for the metadata again', async () => {
    let isFirst = true
    const server = await startServer((request, response) => {
      if (request.url === '/token') return json(response, TOKEN)
      if (!isFirst) return json(response, { issuer: server.url, token_endpoint: `${server.url}/token` })
      isFirst = false
      return response.writeHead(503).end()
    })
    const given = authorizationServer(retrying(), { issuer: server.url, clientId: 'fake-client' })
    expect((await tokenSource(given.clientCredentials()).get()).value).toBe('fake-token')
    expect(server.requests).toHaveLength(3)
  })

  test('sends a refresh token again that the server answered with 503', async () => {
    const { make, asked } = await start(failing(1))
    const source = tokenSource(make(retrying()).refreshToken({ refreshToken: 'fake-refresh' }))
    expect((await source.get()).value).toBe('fake-token')
    expect(asked('/token')).toBe(2)
  })
})

describe('plain http', () => {
  const metadata = { issuer: 'http://login.internal', token_endpoint: 'http://login.internal/token' }
  const mocked = (): AxiosInstance => {
    const client = axios.create()
    new MockAdapter(client).onPost().reply(200, TOKEN, { 'content-type': 'application/json' })
    return client
  }

  test('is refused before anything is sent', async () => {
    const server = authorizationServer(mocked(), { metadata, clientId: 'fake-client' })
    expect(await failureOf(tokenSource(server.clientCredentials()).get())).toMatchObject({
      code: 'ERR_AUTH_ORIGIN',
      message: expect.stringContaining('http://login.internal is not https'),
    })
  })

  test('is refused for discovery, too: what it says decides where the secret goes', async () => {
    const client = axios.create()
    const mock = new MockAdapter(client)
    const server = authorizationServer(client, { issuer: 'http://login.internal', clientId: 'fake-client' })
    expect(await failureOf(tokenSource(server.clientCredentials()).get())).toMatchObject({
      code: 'ERR_AUTH_ORIGIN',
    })
    expect(mock.history).toHaveLength(0)
  })

  test('is asked where it is listed', async () => {
    const server = authorizationServer(mocked(), {
      metadata,
      clientId: 'fake-client',
      origins: 'http://login.internal',
    })
    expect((await tokenSource(server.clientCredentials()).get()).value).toBe('fake-token')
  })
})

describe('answers that are no tokens', () => {
  test.each<[string, Answer, RegExp, object]>([
    [
      'a page',
      (_, response) => response.setHeader('content-type', 'text/html').end('<html>'),
      /cannot be used/,
      { status: 200, cause: expect.any(Error) },
    ],
    ['nothing', (_, response) => response.end(), /cannot be used/, { status: 200, cause: expect.any(Error) }],
    [
      'no access_token',
      (_, response) => json(response, { token_type: 'Bearer' }),
      /access_token/,
      { status: 200, cause: expect.any(Error) },
    ],
    [
      'another token_type',
      (_, response) => json(response, { ...TOKEN, token_type: 'mac' }),
      /token_type/,
      { status: 200, cause: expect.any(Error) },
    ],
    [
      'a forbidden without body',
      (_, response) => response.writeHead(403).end(),
      /^The token request failed with status 403$/,
      { status: 403 },
    ],
  ])('%s: an AuthError that says so', async (_, answer, message, details) => {
    const { make } = await start(answer)
    const failure = await failureOf(tokenSource(make(axios.create()).clientCredentials()).get())
    expect(failure).toBeInstanceOf(AuthError)
    expect((failure as AuthError).message).toMatch(message)
    expect(failure).toMatchObject(details)
    const { inspect } = await import('node:util')
    expect(inspect(failure, { depth: 20, showHidden: true })).not.toContain(CLIENT_SECRET)
  })
})

describe('a slip in the options is a TypeError that names it', () => {
  const client = axios.create()
  const options = { issuer: 'https://login.example', clientId: 'fake-client' }
  const server = authorizationServer(client, options)
  test.each<[string, () => unknown, string]>([
    ['client', () => authorizationServer({} as AxiosInstance, options), '`client`'],
    [
      'no client',
      () => authorizationServer(undefined as never, options),
      '`client` must be an axios instance',
    ],
    ['options', () => authorizationServer(client, undefined as never), '`options`'],
    [
      'no clientAuthentication',
      () => authorizationServer(client, { ...options, clientAuthentication: {} as never }),
      '`clientAuthentication`',
    ],
    ['clientId', () => authorizationServer(client, { ...options, clientId: '' }), '`clientId`'],
    ['issuer', () => authorizationServer(client, { ...options, issuer: 'login' }), '`issuer`'],
    ['neither', () => authorizationServer(client, { clientId: 'fake-client' }), '`issuer` is undefined'],
    [
      'both',
      () => authorizationServer(client, { ...options, metadata: { issuer: 'https://login.example' } }),
      'Give `issuer` or `metadata`, not both',
    ],
    [
      'metadata',
      () =>
        authorizationServer(client, { clientId: 'fake-client', metadata: 'https://login.example' as never }),
      '`metadata`',
    ],
    [
      'metadata without an issuer',
      () => authorizationServer(client, { clientId: 'fake-client', metadata: {} as never }),
      '`metadata.issuer`',
    ],
    ['keyPair', () => authorizationServer(client, { ...options, keyPair: {} as CryptoKeyPair }), '`keyPair`'],
    ['origins', () => authorizationServer(client, { ...options, origins: 'login' }), '`origins`'],
    ['grant options', () => server.clientCredentials(null as never), '`options`'],
    ['refresh options', () => server.refreshToken(null as never), '`options`'],
    ['options of Basic', () => clientSecretBasic('fake', 'raw' as never), '`options`'],
    ['secret', () => clientSecretBasic(undefined as unknown as string), '`secret`'],
    ['an empty secret', () => clientSecretPost(''), '`secret`'],
    ['encoding', () => clientSecretBasic('fake', { encoding: 'utf-8' as 'raw' }), '`encoding`'],
    ['key', () => privateKeyJwt('pem' as unknown as CryptoKey), '`key`'],
    [
      'a secret of its own',
      () => authorizationServer(client, { ...options, clientSecret: 'fake' } as never),
      'clientSecretBasic',
    ],
    [
      'a discovery URL',
      () =>
        authorizationServer(client, {
          ...options,
          issuer: 'https://login.example/.well-known/openid-configuration',
        }),
      '`issuer`',
    ],
    [
      'a factory',
      () => authorizationServer(client, { ...options, clientAuthentication: clientSecretBasic as never }),
      'called',
    ],
    ['a line break', () => clientSecretPost('fake\n'), 'line break'],
    ['exchange options', () => server.tokenExchange(undefined as never), '`options`'],
    [
      'actorToken',
      () => server.tokenExchange({ subjectToken: 'fake-subject', actorToken: '' }),
      '`actorToken`',
    ],
    ['assertion options', () => server.jwtBearer(undefined as never), '`options`'],
    ['assertion', () => server.jwtBearer({ assertion: '' }), '`assertion`'],
    ['subjectToken', () => server.tokenExchange({ subjectToken: '' }), '`subjectToken`'],
    ['device options', () => server.deviceAuthorization(undefined as never), '`options`'],
    [
      'onUserCode that is no function',
      () => server.deviceAuthorization({ onUserCode: 'show' as never }),
      '`onUserCode`',
    ],
    ['wait', () => server.deviceAuthorization({ onUserCode: () => {}, wait: 5 as never }), '`wait`'],
    ['code options', () => server.authorizationCode(undefined as never), '`options`'],
    ...(['redirectUri', 'state', 'codeVerifier'] as const).map((name): [string, () => unknown, string] => [
      name,
      () => server.authorizationCode({ ...KEPT, callbackUrl: 'https://app.example/?code=fake', [name]: '' }),
      `\`${name}\``,
    ]),
    ['onUserCode', () => server.deviceAuthorization({} as { onUserCode(): void }), '`onUserCode`'],
    ['parameters', () => server.clientCredentials({ parameters: { scope: 'read' } }), '`parameters`'],
  ])('%s', (_, make, name) => {
    expect(make).toThrow(TypeError)
    expect(make).toThrow(name)
  })
})

test.each([
  ['options', undefined],
  ['redirectUri', {}],
])('so is one in those of a login: %s', async (name, options) => {
  const server = authorizationServer(axios.create(), {
    issuer: 'https://login.example',
    clientId: 'fake-client',
  })
  const request = server.authorizationRequest(options as never)
  await expect(request).rejects.toThrow(TypeError)
  await expect(request).rejects.toThrow(`\`${name}\``)
})

describe('a name that is misspelt is told, with those that there are', () => {
  const server = authorizationServer(axios.create(), {
    issuer: 'https://login.example',
    clientId: 'fake-client',
  })
  const PARAMETERS = 'scope, audience, resource, parameters'

  test.each<[string, string, string, (slip: object) => unknown]>([
    [
      'authorizationServer',
      'isuer',
      'issuer, metadata, clientId, clientAuthentication, keyPair, origins',
      (slip) =>
        authorizationServer(axios.create(), {
          issuer: 'https://a.example',
          clientId: 'fake-client',
          ...slip,
        }),
    ],
    ['clientCredentials', 'scopes', PARAMETERS, (slip) => server.clientCredentials(slip)],
    [
      'refreshToken',
      'onRotated',
      `${PARAMETERS}, refreshToken, onRotate`,
      (slip) => server.refreshToken({ refreshToken: 'fake-refresh', ...slip }),
    ],
    [
      'authorizationCode',
      'callbackURL',
      'url, redirectUri, state, codeVerifier, nonce, resource, callbackUrl, parameters',
      (slip) => server.authorizationCode({ ...KEPT, callbackUrl: 'https://app.example/?code=1', ...slip }),
    ],
    [
      'deviceAuthorization',
      'onUsercode',
      `${PARAMETERS}, onUserCode, wait`,
      (slip) => server.deviceAuthorization({ onUserCode: () => {}, ...slip }),
    ],
    [
      'tokenExchange',
      'actor',
      `${PARAMETERS}, subjectToken, subjectTokenType, actorToken, actorTokenType, requestedTokenType`,
      (slip) => server.tokenExchange({ subjectToken: 'fake-subject', ...slip }),
    ],
    [
      'jwtBearer',
      'assertionType',
      `${PARAMETERS}, assertion`,
      (slip) => server.jwtBearer({ assertion: 'fake.assertion', ...slip }),
    ],
    ['clientSecretBasic', 'encode', 'encoding', (slip) => clientSecretBasic('fake-secret', slip)],
    ['clientSecretJwt', 'aud', 'audience', (slip) => clientSecretJwt('fake-secret', slip)],
    ['privateKeyJwt', 'aud', 'audience', (slip) => privateKeyJwt({ type: 'private' } as CryptoKey, slip)],
  ])('%s: %s', (_, slip, names, make) => {
    expect(() => make({ [slip]: 'fake' })).toThrow(
      new TypeError(`There is no option \`${slip}\`, only ${names}`),
    )
    expect(() => make({ [slip]: 'fake' })).toThrow(TypeError)
    expect(() => make({})).not.toThrow()
  })

  test('authorizationRequest', async () => {
    await expect(server.authorizationRequest({ ...KEPT } as never)).rejects.toThrow(
      `There is no option \`state\`, only ${PARAMETERS}, redirectUri, acr_values, max_age, claims`,
    )
  })
})
