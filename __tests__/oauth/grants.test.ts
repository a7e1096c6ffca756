import axios from 'axios'
import { bearerAuth, renewWith, tokenSource } from '#lib'
import {
  type AuthorizationServer,
  authorizationServer,
  type ClientAuthentication,
  clientSecretBasic,
  none,
  type UserPrompt,
} from '#lib/oauth'
import { failureOf } from '../support/auth-failure'
import { startAuthorizationServer, startProtectedApi, startServer } from '../support/servers'

type Options = Parameters<typeof startAuthorizationServer>[0]
type Issuer = Awaited<ReturnType<typeof startAuthorizationServer>>

async function setUp(client: keyof Issuer['clients'], options: Options = {}) {
  const issuer = await startAuthorizationServer(options)
  const { clientId, clientSecret, method } = issuer.clients[client]
  const clientAuthentication: ClientAuthentication =
    method === 'none' ? none() : clientSecretBasic(clientSecret)
  const server = authorizationServer(axios.create(), { issuer: issuer.url, clientId, clientAuthentication })
  return { issuer, server }
}

/** A clock that is moved by hand, for sources. */
function handClock() {
  let time = 1_000_000
  return {
    now: () => time,
    advance: (milliseconds: number) => {
      time += milliseconds
    },
  }
}

describe('client credentials', () => {
  test('with a scope, a resource and further parameters', async () => {
    const { issuer, server } = await setUp('basic')
    const fetchToken = server.clientCredentials({
      scope: ['read', 'write'],
      resource: 'https://api.example.com/opaque',
      parameters: { note: 'a b&c' },
    })
    const token = await tokenSource(fetchToken).get()
    expect(issuer.lastTokenRequest).toMatchObject({
      grantType: 'client_credentials',
      parameters: { scope: 'read write', resource: 'https://api.example.com/opaque', note: 'a b&c' },
    })
    expect(await issuer.describe(token.value)).toMatchObject({
      scope: 'read write',
      audience: 'https://api.example.com/opaque',
    })
  })

  test('for a resource whose tokens are JWTs', async () => {
    const { issuer, server } = await setUp('basic')
    const resource = 'https://api.example.com/jwt'
    const { value } = await tokenSource(server.clientCredentials({ scope: 'read', resource })).get()
    expect(await issuer.verifyJwt(value)).toMatchObject({ aud: resource, scope: 'read' })
  })

  test('end to end: one token call for 100 requests, and a revoked token is replaced', async () => {
    const { issuer, server } = await setUp('awkward')
    const resource = await startProtectedApi({ isValid: issuer.accepts })
    const api = axios.create({ baseURL: resource.url })
    api.interceptors.request.use(bearerAuth(server.clientCredentials()))
    const many = (): Promise<number[]> =>
      Promise.all(Array.from({ length: 100 }, async (_, n) => (await api.get(`/${n}`)).status))
    expect(new Set(await many())).toEqual(new Set([200]))
    expect(issuer.tokenRequests).toBe(1)
    await issuer.revokeAll()
    expect(new Set(await many())).toEqual(new Set([200]))
    expect(issuer.tokenRequests).toBe(2)
  })

  test('an unknown resource is the server’s invalid_target', async () => {
    const { server } = await setUp('basic')
    const resource = ['https://one.example', 'https://two.example']
    expect(await failureOf(tokenSource(server.clientCredentials({ resource })).get())).toMatchObject({
      status: 400,
      error: 'invalid_target',
    })
  })
})

describe('refresh token', () => {
  test('is rotated, and its successor stored before it is needed', async () => {
    const { issuer, server } = await setUp('basic')
    const stored: string[] = []
    const source = tokenSource(
      server.refreshToken({
        refreshToken: await issuer.issueRefreshToken(),
        onRotate: (token) => {
          stored.push(token)
        },
      }),
    )
    await source.get()
    await source.renew()
    await source.renew()
    expect(stored).toHaveLength(3)
    expect(new Set(stored).size).toBe(3)
    const sent = issuer.tokenRequestLog.map(({ parameters }) => parameters.refresh_token)
    expect(sent.slice(1)).toEqual(stored.slice(0, 2))
  })

  test('survives 200 concurrent requests at a server that ends the grant when one is used twice', async () => {
    const { issuer, server } = await setUp('spa')
    const resource = await startProtectedApi({ isValid: issuer.accepts })
    const api = axios.create({ baseURL: resource.url })
    const refreshToken = await issuer.issueRefreshToken({ client: 'spa' })
    const source = tokenSource(server.refreshToken({ refreshToken }))
    api.interceptors.request.use(bearerAuth(source))
    for (let round = 0; round < 3; round += 1) {
      const answers = await Promise.all(Array.from({ length: 200 }, (_, n) => api.get(`/${n}`)))
      expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
      await issuer.revokeAll()
    }
    await source.renew()
    expect(issuer.tokenRequestLog.map(({ status }) => status)).toEqual([200, 200, 200, 200])
  })

  test('whose answer is lost is not sent again while the token at hand works', async () => {
    const { issuer, server } = await setUp('basic')
    const clock = handClock()
    const source = tokenSource(server.refreshToken({ refreshToken: await issuer.issueRefreshToken() }), {
      now: clock.now,
      random: () => 0.5,
      leeway: 0,
      renewAhead: 300_000,
    })
    const first = await source.get()
    issuer.loseAnswer(1)
    clock.advance(400_000)
    expect(source.current()).toBe(first)
    expect(await failureOf(source.renew())).toMatchObject({
      message: expect.stringContaining('the grant is dead'),
    })
    expect(issuer.tokenRequests).toBe(2)
    clock.advance(100_000)
    expect(source.current()).toBe(first)
    await new Promise((resolve) => setImmediate(resolve))
    expect(issuer.tokenRequests).toBe(2)
    expect(await issuer.accepts(first.value)).toBe(true)

    // Nothing is left to lose: it is tried, and the server says that it is over.
    clock.advance(200_000)
    expect(await failureOf(source.get())).toMatchObject({
      error: 'invalid_grant',
      message: expect.stringContaining('a new login is needed'),
    })
  })
})

describe('authorization code with PKCE', () => {
  const scope = 'openid offline_access read'

  test.each(['web', 'spa'] as const)('a login of the %s client, then renewals', async (name) => {
    const { issuer, server } = await setUp(name)
    const redirectUri = issuer.clients[name].redirectUri
    const login = await server.authorizationRequest({ redirectUri, scope, parameters: { prompt: 'consent' } })
    const asked = new URL(login.url).searchParams
    expect(Object.fromEntries(asked)).toMatchObject({
      response_type: 'code',
      client_id: issuer.clients[name].clientId,
      redirect_uri: redirectUri,
      scope,
      prompt: 'consent',
      code_challenge_method: 'S256',
      state: login.state,
      nonce: login.nonce,
    })
    expect(login.url).not.toContain(login.codeVerifier)

    const callbackUrl = await issuer.authorize(login.url)
    // What is kept with the session is plain data.
    const kept = JSON.parse(JSON.stringify(login)) as typeof login
    const source = tokenSource(
      renewWith(server.refreshToken(), server.authorizationCode({ ...kept, callbackUrl })),
    )
    const first = await source.get()
    expect(await issuer.describe(first.value)).toMatchObject({ subject: 'alice' })
    expect(first.extra.id_token).toEqual(expect.any(String))
    const second = await source.renew()
    expect(await issuer.accepts(second.value)).toBe(true)
    expect(issuer.tokenRequestLog.map(({ grantType }) => grantType)).toEqual([
      'authorization_code',
      'refresh_token',
    ])
  })

  test('the token is for the resource that was asked for, and the session says so', async () => {
    const { issuer, server } = await setUp('spa')
    const resource = 'https://api.example.com/jwt'
    const { redirectUri } = issuer.clients.spa
    const login = await server.authorizationRequest({ redirectUri, scope: 'openid read', resource })
    expect(login.resource).toBe(resource)
    const callbackUrl = await issuer.authorize(login.url)
    const { value } = await tokenSource(server.authorizationCode({ ...login, callbackUrl })).get()
    expect(await issuer.verifyJwt(value)).toMatchObject({ aud: resource, scope: 'read' })
  })

  test('a callback URL that is not absolute is a TypeError that says so', async () => {
    const { issuer, server } = await setUp('spa')
    const login = await server.authorizationRequest({ redirectUri: issuer.clients.spa.redirectUri })
    expect(() => server.authorizationCode({ ...login, callbackUrl: '/callback?code=1' })).toThrow(
      '`callbackUrl` must be an absolute URL',
    )
  })

  test('a user who says no is an error with the server’s words', async () => {
    const { issuer, server } = await setUp('spa')
    const login = await server.authorizationRequest({ redirectUri: issuer.clients.spa.redirectUri, scope })
    const callbackUrl = await issuer.authorize(login.url, { deny: true })
    expect(
      await failureOf(tokenSource(server.authorizationCode({ ...login, callbackUrl })).get()),
    ).toMatchObject({ code: 'ERR_AUTH_TOKEN_REQUEST', error: 'access_denied' })
    expect(issuer.tokenRequests).toBe(0)
  })

  test('a callback with another state is refused before anything is sent', async () => {
    const { issuer, server } = await setUp('spa')
    const login = await server.authorizationRequest({ redirectUri: issuer.clients.spa.redirectUri, scope })
    const callbackUrl = await issuer.authorize(login.url)
    const source = tokenSource(
      server.authorizationCode({ ...login, state: 'of-another-session', callbackUrl }),
    )
    expect(await failureOf(source.get())).toMatchObject({
      message: expect.stringMatching(/^The callback cannot be used: .*state/),
    })
    expect(issuer.tokenRequests).toBe(0)
  })

  test('a code is good for one token: then the user has to log in again', async () => {
    const { issuer, server } = await setUp('spa')
    const login = await server.authorizationRequest({ redirectUri: issuer.clients.spa.redirectUri, scope })
    const callbackUrl = await issuer.authorize(login.url)
    const source = tokenSource(server.authorizationCode({ ...login, callbackUrl }))
    await source.get()
    expect(await failureOf(source.renew())).toMatchObject({
      code: 'ERR_AUTH_CREDENTIALS',
      message: expect.stringContaining('authorizationRequest'),
    })
    expect(issuer.tokenRequests).toBe(1)
  })

  test('a server that is down for a moment does not use up the code', async () => {
    const { issuer, server } = await setUp('spa')
    const login = await server.authorizationRequest({ redirectUri: issuer.clients.spa.redirectUri, scope })
    const callbackUrl = await issuer.authorize(login.url)
    const source = tokenSource(server.authorizationCode({ ...login, callbackUrl }))
    issuer.fail(1, 503)
    expect(await failureOf(source.get())).toMatchObject({ status: 503 })
    expect(await issuer.accepts((await source.get()).value)).toBe(true)
  })

  describe('is sent once, and counts as used', () => {
    /** A login that is done but for its code, which goes to a server that answers as the test says. */
    async function atTheEnd(
      answer: Parameters<typeof startServer>[0],
      clientAuthentication: ClientAuthentication = none(),
      query = 'code=fake-code',
    ) {
      const server = await startServer(answer)
      const metadata = { issuer: server.url, token_endpoint: `${server.url}/token` }
      const { authorizationCode } = authorizationServer(axios.create(), {
        metadata,
        clientId: 'fake-client',
        clientAuthentication,
      })
      const redirectUri = 'https://app.example/'
      const kept = { redirectUri, state: 'fake-state', codeVerifier: 'fake-verifier' }
      const callbackUrl = `${redirectUri}?state=fake-state&${query}`
      return { server, source: tokenSource(authorizationCode({ ...kept, callbackUrl })) }
    }
    const tokens: Parameters<typeof startServer>[0] = (_, response) =>
      response
        .setHeader('content-type', 'application/json')
        .end(JSON.stringify({ access_token: 'fake-token', token_type: 'Bearer' }))
    const USED = { code: 'ERR_AUTH_CREDENTIALS', error: 'invalid_grant' }

    test('when its answer is lost', async () => {
      const { server, source } = await atTheEnd((request) => request.socket.destroy())
      expect(await failureOf(source.get())).toMatchObject({ code: 'ERR_AUTH_TOKEN_REQUEST' })
      expect(await failureOf(source.get())).toMatchObject(USED)
      expect(server.requests).toHaveLength(1)
    })

    test('when the server refuses it', async () => {
      const { server, source } = await atTheEnd((_, response) =>
        response
          .writeHead(400, { 'content-type': 'application/json' })
          .end(JSON.stringify({ error: 'invalid_grant' })),
      )
      expect(await failureOf(source.get())).toMatchObject({
        message: 'The token request failed with status 400, invalid_grant',
      })
      expect(await failureOf(source.get())).toMatchObject(USED)
      expect(server.requests).toHaveLength(1)
    })

    test('but not before it is sent: a secret that could not be read', async () => {
      const secret = jest
        .fn(() => 'fake-secret')
        .mockImplementationOnce(() => Promise.reject(new Error()) as never)
      const { source } = await atTheEnd(tokens, clientSecretBasic(secret))
      expect(await failureOf(source.get())).toMatchObject({ code: 'ERR_AUTH_CREDENTIALS' })
      expect((await source.get()).value).toBe('fake-token')
    })

    test('nor where it may not be sent', async () => {
      const { authorizationCode } = authorizationServer(axios.create(), {
        metadata: { issuer: 'http://login.internal', token_endpoint: 'http://login.internal/token' },
        clientId: 'fake-client',
      })
      const kept = { redirectUri: 'https://app.example/', state: 'fake-state', codeVerifier: 'fake' }
      const callbackUrl = 'https://app.example/?code=fake&state=fake-state'
      const source = tokenSource(authorizationCode({ ...kept, callbackUrl }))
      expect(await failureOf(source.get())).toMatchObject({ code: 'ERR_AUTH_ORIGIN' })
      expect(await failureOf(source.get())).toMatchObject({ code: 'ERR_AUTH_ORIGIN' })
    })

    test('and who gives up no longer waits for its answer', async () => {
      let isClosed = false
      const { server, source } = await atTheEnd((request) => {
        request.socket.once('close', () => {
          isClosed = true
        })
      })
      const waiting = failureOf(source.get())
      while (server.requests.length === 0) await new Promise((resolve) => setImmediate(resolve))
      source.clear()
      expect(await waiting).toMatchObject({ code: 'ERR_AUTH_TOKEN_CLEARED' })
      while (!isClosed) await new Promise((resolve) => setImmediate(resolve))
    })

    test.each([
      ['error=access_denied', 'The authorization server sent the user back with access_denied'],
      [
        'error=access_denied&error_description=not+now',
        'The authorization server sent the user back with access_denied (not now)',
      ],
    ])('a callback without one says why: %s', async (query, message) => {
      const { server, source } = await atTheEnd(tokens, none(), query)
      expect(await failureOf(source.get())).toMatchObject({
        code: 'ERR_AUTH_TOKEN_REQUEST',
        error: 'access_denied',
        message,
      })
      expect(server.requests).toHaveLength(0)
    })
  })

  test('asks for the user’s authentication as RFC 9470 has it', async () => {
    const { issuer, server } = await setUp('spa')
    const { url } = await server.authorizationRequest({
      redirectUri: issuer.clients.spa.redirectUri,
      acr_values: 'urn:example:mfa',
      max_age: 60,
    })
    expect(Object.fromEntries(new URL(url).searchParams)).toMatchObject({
      acr_values: 'urn:example:mfa',
      max_age: '60',
    })
    expect(new URL(url).searchParams.has('nonce')).toBe(false)
  })
})

describe('device authorization', () => {
  /** A device whose waiting is counted, and whose user acts while it waits. */
  function device(server: AuthorizationServer, act: (prompt: UserPrompt, wait: number) => unknown) {
    const waits: number[] = []
    let prompt: UserPrompt | undefined
    const fetchToken = server.deviceAuthorization({
      scope: 'openid read',
      onUserCode: (shown) => {
        prompt = shown
      },
      wait: async (milliseconds, signal) => {
        signal.throwIfAborted()
        waits.push(milliseconds)
        await act(prompt as UserPrompt, waits.length)
      },
    })
    return { fetchToken, waits, prompt: () => prompt }
  }

  test('polls until the user has entered the code', async () => {
    const { issuer, server } = await setUp('device')
    const { fetchToken, waits, prompt } = device(server, ({ user_code }, wait) =>
      wait === 3 ? issuer.approveDevice(user_code) : undefined,
    )
    const { value } = await tokenSource(fetchToken).get()
    expect(await issuer.describe(value)).toMatchObject({ subject: 'alice' })
    // RFC 8628 section 3.5: 5 s where the server names no interval.
    expect(waits).toEqual([5000, 5000, 5000])
    expect(prompt()).toMatchObject({
      user_code: expect.any(String),
      verification_uri: `${issuer.url}/device`,
      expires_in: expect.any(Number),
    })
    expect(prompt()).not.toHaveProperty('device_code')
  })

  test('in the interval that the server names, and slower when it says so', async () => {
    const { issuer, server } = await setUp('device', { deviceInterval: 2 })
    issuer.slowDown(1)
    const { fetchToken, waits } = device(server, ({ user_code }, wait) =>
      wait === 3 ? issuer.approveDevice(user_code) : undefined,
    )
    await tokenSource(fetchToken).get()
    expect(waits).toEqual([2000, 7000, 7000])
  })

  test('less and less often while the server cannot be reached', async () => {
    const { issuer, server } = await setUp('device')
    const { fetchToken, waits } = device(server, async ({ user_code }, wait) => {
      if (wait === 1) issuer.loseAnswer(1)
      if (wait === 2) issuer.fail(1, 503)
      if (wait === 3) await issuer.approveDevice(user_code)
    })
    await tokenSource(fetchToken).get()
    expect(waits).toEqual([5000, 10_000, 20_000])
  })

  test('ends when the user says no', async () => {
    const { issuer, server } = await setUp('device')
    const { fetchToken, waits } = device(server, ({ user_code }) => issuer.denyDevice(user_code))
    expect(await failureOf(tokenSource(fetchToken).get())).toMatchObject({ error: 'access_denied' })
    expect(waits).toHaveLength(1)
  })

  test('ends when the code has expired, as the server says', async () => {
    const { issuer, server } = await setUp('device')
    const { fetchToken } = device(server, ({ user_code }) => issuer.expireDevice(user_code))
    expect(await failureOf(tokenSource(fetchToken).get())).toMatchObject({ error: 'expired_token' })
  })

  test.each([
    [12, [5000, 5000]],
    [10, [5000, 5000]],
    [4, []],
  ])('ends when the code has expired after %d s, though the server goes on', async (expires_in, expected) => {
    const server = await startServer((request, response) => {
      response.setHeader('content-type', 'application/json')
      if (request.url === '/device') {
        const uri = 'https://login.example/device'
        return response.end(
          JSON.stringify({ device_code: 'fake', user_code: 'FAKE', verification_uri: uri, expires_in }),
        )
      }
      return response.writeHead(400).end(JSON.stringify({ error: 'authorization_pending' }))
    })
    const metadata = {
      issuer: server.url,
      device_authorization_endpoint: `${server.url}/device`,
      token_endpoint: `${server.url}/token`,
    }
    const { fetchToken, waits } = device(
      authorizationServer(axios.create(), { metadata, clientId: 'fake-client' }),
      () => undefined,
    )
    expect(await failureOf(tokenSource(fetchToken).get())).toMatchObject({
      code: 'ERR_AUTH_TOKEN_REQUEST',
      error: 'expired_token',
      message: `The user has not entered the code within ${expires_in} s`,
    })
    expect(waits).toEqual(expected)
  })

  test('does not begin where the server refuses', async () => {
    const { issuer } = await setUp('device')
    const stranger = authorizationServer(axios.create(), { issuer: issuer.url, clientId: 'nobody' })
    const { fetchToken, waits } = device(stranger, () => undefined)
    expect(await failureOf(tokenSource(fetchToken).get())).toMatchObject({
      message: expect.stringMatching(
        /^The device authorization request failed with status 4\d\d, invalid_client/,
      ),
    })
    expect(waits).toEqual([])
  })

  test('does not begin where the code cannot be shown', async () => {
    const { server } = await setUp('device')
    const wait = jest.fn()
    const onUserCode = () => Promise.reject(new Error('no display'))
    const source = tokenSource(server.deviceAuthorization({ onUserCode, wait }))
    expect(await failureOf(source.get())).toMatchObject({
      code: 'ERR_AUTH_CREDENTIALS',
      message: '`onUserCode` failed to show the code',
      cause: { message: 'no display' },
    })
    expect(wait).not.toHaveBeenCalled()
  })

  test('ends when the source is cleared', async () => {
    const { issuer, server } = await setUp('device')
    const { fetchToken, waits } = device(server, () => {
      source.clear()
    })
    const source = tokenSource(fetchToken)
    expect(await failureOf(source.get())).toMatchObject({ code: 'ERR_AUTH_TOKEN_CLEARED' })
    await new Promise((resolve) => setImmediate(resolve))
    expect(waits).toHaveLength(1)
    expect(issuer.tokenRequests).toBeLessThanOrEqual(1)
  })

  test('may take longer than other fetches', async () => {
    const { server } = await setUp('device')
    const { fetchToken } = device(server, () => undefined)
    expect(fetchToken.timeout).toBeGreaterThan(24 * 60 * 60 * 1000)
    expect(renewWith(server.refreshToken(), fetchToken).timeout).toBe(fetchToken.timeout)
  })

  test('an abort ends the real wait at once', async () => {
    const { server } = await setUp('device')
    const shown = jest.fn()
    const source = tokenSource(server.deviceAuthorization({ onUserCode: shown }))
    const waiting = failureOf(source.get())
    while (shown.mock.calls.length === 0) await new Promise((resolve) => setImmediate(resolve))
    source.clear()
    expect(await waiting).toMatchObject({ code: 'ERR_AUTH_TOKEN_CLEARED' })
  })
})

describe('token exchange', () => {
  test('a service acts for its caller with the token that it was called with', async () => {
    const { issuer, server } = await setUp('exchange')
    const caller = await tokenSource(server.clientCredentials({ scope: 'read write' })).get()
    const actor = await tokenSource(server.clientCredentials()).get()
    const fetchToken = server.tokenExchange({
      subjectToken: ({ key }) => (key === '' ? caller.value : 'of-nobody'),
      actorToken: actor.value,
      scope: 'read',
      audience: 'https://downstream.example',
      requestedTokenType: 'urn:ietf:params:oauth:token-type:access_token',
    })
    const token = await tokenSource(fetchToken).get()
    expect(await issuer.describe(token.value)).toMatchObject({
      scope: 'read',
      audience: 'https://downstream.example',
      actor: issuer.clients.exchange.clientId,
    })
    expect(token.extra.issued_token_type).toBe('urn:ietf:params:oauth:token-type:access_token')
    expect(issuer.lastTokenRequest?.parameters).toMatchObject({
      subject_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      actor_token_type: 'urn:ietf:params:oauth:token-type:access_token',
      requested_token_type: 'urn:ietf:params:oauth:token-type:access_token',
    })
    await tokenSource(server.tokenExchange({ subjectToken: caller.value, scope: 'read' })).get()
    expect(Object.keys(issuer.lastTokenRequest?.parameters ?? {}).sort()).toEqual([
      'grant_type',
      'scope',
      'subject_token',
      'subject_token_type',
    ])
  })

  test('a token that is no good is the server’s invalid_request, and is not shown', async () => {
    const { server } = await setUp('exchange')
    const failure = await failureOf(
      tokenSource(server.tokenExchange({ subjectToken: 'canary-subject-token' })).get(),
    )
    expect(failure).toMatchObject({ status: 400, error: 'invalid_request' })
    expect(JSON.stringify(failure)).not.toContain('canary-subject-token')
  })
})

describe('JWT bearer', () => {
  test('a fresh assertion is signed for each fetch', async () => {
    const { issuer, server } = await setUp('assertion')
    const source = tokenSource(
      server.jwtBearer({ assertion: () => issuer.issueAssertion({ sub: 'bob' }), scope: 'read' }),
    )
    expect(await issuer.describe((await source.get()).value)).toMatchObject({ subject: 'bob', scope: 'read' })
    await source.renew()
    expect(issuer.tokenRequestLog.map(({ status }) => status)).toEqual([200, 200])
  })

  test('one that was used before is the server’s invalid_grant', async () => {
    const { issuer, server } = await setUp('assertion')
    const source = tokenSource(server.jwtBearer({ assertion: await issuer.issueAssertion() }))
    await source.get()
    expect(await failureOf(source.renew())).toMatchObject({ error: 'invalid_grant' })
  })
})
