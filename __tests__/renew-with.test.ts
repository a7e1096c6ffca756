import axios from 'axios'
import { AuthError, refreshToken, renewWith, type TokenResult, tokenSource } from '#lib'
import { failureOf } from './support/auth-failure'
import { startServer } from './support/servers'

/** A source whose tokens live 100 s, with a login and a renewal that note how they were used. */
function renewing(
  renew: (renewals: number) => TokenResult | Promise<TokenResult>,
  options?: { times?: number },
) {
  const calls: string[] = []
  let now = 0
  let renewals = 0
  let logins = 0
  const fetch = renewWith(
    ({ previous }) => {
      calls.push(`renew ${previous?.value}`)
      return renew(++renewals)
    },
    () => {
      calls.push('login')
      return { value: `fake-login-${++logins}`, expiresIn: 100, refresh_token: `fake-refresh-${logins}` }
    },
    options,
  )
  const source = tokenSource(fetch, { now: () => now, random: () => 0.5 })
  const next = async (): Promise<string> => {
    now += 100_000
    return (await source.get()).value
  }
  return { source, calls, next, pass: (milliseconds: number) => (now += milliseconds) }
}

const renewed = (renewals: number): TokenResult => ({ value: `fake-renewed-${renewals}`, expiresIn: 100 })
const refusal = (status: number): Error =>
  Object.assign(new Error('refused'), { isAxiosError: true, response: { status, data: '', headers: {} } })

test('begins with a login and renews from then on with what the last answer gave', async () => {
  const { calls, next } = renewing(renewed)
  expect([await next(), await next(), await next()]).toEqual([
    'fake-login-1',
    'fake-renewed-1',
    'fake-renewed-2',
  ])
  expect(calls).toEqual(['login', 'renew fake-login-1', 'renew fake-renewed-1'])
})

test('logs in again when a limited number of renewals is used up, and then counts anew', async () => {
  const { calls, next } = renewing(renewed, { times: 3 })
  for (let at = 0; at < 9; at += 1) await next()
  expect(calls.map((call) => call.split(' ')[0]).join(' ')).toBe(
    'login renew renew renew login renew renew renew login',
  )
})

test('a renewal that gives only text is counted as well', async () => {
  const { calls, next, pass } = renewing(() => 'fake-text', { times: 1 })
  await next()
  await next()
  pass(1)
  expect(calls).toEqual(['login', 'renew fake-login-1'])
})

test.each([
  ['refused with 400', () => Promise.reject(refusal(400))],
  ['refused with 403', () => Promise.reject(refusal(403))],
  ['answered with an unusable token', () => ({ value: '' })],
])('logs in within the same fetch when the renewal is %s', async (_, renew) => {
  const { calls, next } = renewing(renew)
  expect([await next(), await next()]).toEqual(['fake-login-1', 'fake-login-2'])
  expect(calls).toEqual(['login', 'renew fake-login-1', 'login'])
})

test.each([
  ['the network is down', new Error('connect ECONNREFUSED')],
  ['the issuer fails with 503', refusal(503)],
  ['the issuer asks to wait with 429', refusal(429)],
])('does not log in when %s: that would not help', async (_, failure) => {
  const { calls, next } = renewing(() => Promise.reject(failure))
  await next()
  await expect(next()).rejects.toMatchObject({ code: 'ERR_AUTH_TOKEN_REQUEST' })
  expect(calls).toEqual(['login', 'renew fake-login-1'])
})

test.each([500, 503, 429])('an issuer that answers %d would not let us log in, either', async (status) => {
  const { source, calls, pass } = renewing(() => Promise.reject(refusal(status)))
  await source.get()
  pass(100_000)
  expect((await failureOf(source.get())).status).toBe(status)
  expect(calls).toEqual(['login', 'renew fake-login-1'])
})

test('a store that fails is no refusal: its refresh token may still be good', async () => {
  const store = (): never => {
    throw new Error('the store is closed')
  }
  const login = jest.fn(() => 'fake-login')
  const refresh = refreshToken(axios.create(), { url: 'https://issuer.example/token', refreshToken: store })
  const failure = await failureOf(tokenSource(renewWith(refresh, login)).get())
  expect(failure).toMatchObject({ code: 'ERR_AUTH_CREDENTIALS', cause: { message: 'the store is closed' } })
  expect(login).not.toHaveBeenCalled()
})

test('a login that fails without a refusal before it fails with what it says', async () => {
  const login = (): never => {
    throw new Error('no such user')
  }
  const failure = await failureOf(tokenSource(renewWith(() => 'fake', login)).get())
  expect(failure).toMatchObject({
    message: 'The token could not be fetched: no such user',
    cause: { message: 'no such user' },
  })
})

test('a token that the API refused is renewed, too, and after clear() a login is due', async () => {
  const { source, calls } = renewing(renewed)
  source.reject(await source.get())
  await source.get()
  source.clear()
  await source.get()
  expect(calls).toEqual(['login', 'renew fake-login-1', 'login'])
})

test.each([
  ['renew', () => renewWith('fake' as never, () => 'fake')],
  ['login', () => renewWith(() => 'fake', undefined as never)],
  ...[0, '5', null, Number.NaN].map((times): [string, () => unknown] => [
    'times',
    () =>
      renewWith(
        () => 'fake',
        () => 'fake',
        { times: times as number },
      ),
  ]),
])('a wrong %s is a TypeError that names it', (name, make) => {
  expect(make).toThrow(TypeError)
  expect(make).toThrow(`\`${name}\``)
})

describe('together with refreshToken', () => {
  /** An issuer of refresh tokens that are good for one use, and a login that brings the first. */
  async function setUp({ stored }: { stored?: string } = {}) {
    let current = stored
    let count = 0
    const used: (string | null)[] = []
    const issuer = await startServer((_, response, body) => {
      const sent = new URLSearchParams(body.toString()).get('refresh_token')
      used.push(sent)
      response.setHeader('content-type', 'application/json')
      if (sent !== current) return response.writeHead(400).end('{"error":"invalid_grant"}')
      count += 1
      current = `fake-refresh-${count}`
      return response.end(JSON.stringify({ access_token: `fake-${count}`, refresh_token: current }))
    })
    const login = jest.fn((): TokenResult => {
      current = 'fake-of-login'
      return { access_token: 'fake-first', refresh_token: current }
    })
    const revoke = (): void => {
      current = undefined
    }
    return { client: axios.create(), url: `${issuer.url}/token`, used, login, revoke }
  }

  test('a refresh token at hand is used first: no login is needed', async () => {
    const { client, url, used, login } = await setUp({ stored: 'fake-stored' })
    const renew = refreshToken(client, { url, refreshToken: 'fake-stored' })
    const source = tokenSource(renewWith(renew, login))
    expect((await source.get()).value).toBe('fake-1')
    await source.renew()
    expect(used).toEqual(['fake-stored', 'fake-refresh-1'])
    expect(login).not.toHaveBeenCalled()
  })

  test('what a login brings is stored at once, and renewals go on from it', async () => {
    const { client, url, used, login, revoke } = await setUp({ stored: 'fake-stored' })
    let store: string | undefined = 'fake-too-old'
    const onRotate = (token: string): void => {
      store = token
    }
    const renew = refreshToken(client, { url, refreshToken: () => store as string, onRotate })
    const source = tokenSource(renewWith(renew, login))
    expect((await source.get()).value).toBe('fake-first')
    expect(store).toBe('fake-of-login')
    await source.renew()
    expect(store).toBe('fake-refresh-1')
    revoke()
    await source.renew()
    expect(store).toBe('fake-of-login')
    expect(login).toHaveBeenCalledTimes(2)
    expect(used).toEqual(['fake-too-old', 'fake-of-login', 'fake-refresh-1'])
  })

  test('an empty store means a login', async () => {
    const { client, url, used, login } = await setUp()
    const renew = refreshToken(client, { url, refreshToken: () => undefined as unknown as string })
    expect((await tokenSource(renewWith(renew, login)).get()).value).toBe('fake-first')
    expect(used).toEqual([])
  })

  test('a fixed refresh token that is too old gives way to that of the login', async () => {
    const { client, url, used, login } = await setUp({ stored: 'fake-stored' })
    const source = tokenSource(renewWith(refreshToken(client, { url, refreshToken: 'fake-old' }), login))
    await source.get()
    await source.renew()
    expect(used).toEqual(['fake-old', 'fake-of-login'])
  })

  test('a store that fails to take what the login brought is offered it again with the next', async () => {
    const { client, url, login } = await setUp()
    const onRotate = jest.fn<void, [string]>().mockImplementationOnce(() => {
      throw new Error('the disk is full')
    })
    const source = tokenSource(renewWith(refreshToken(client, { url, onRotate }), login))
    expect((await source.get()).value).toBe('fake-first')
    await source.renew()
    expect(onRotate.mock.calls).toEqual([['fake-of-login'], ['fake-refresh-1']])
  })

  test('after clear() nothing is left of the login', async () => {
    const { client, url, used, login } = await setUp()
    const source = tokenSource(renewWith(refreshToken(client, { url }), login))
    await source.get()
    source.clear()
    await source.get()
    expect(login).toHaveBeenCalledTimes(2)
    expect(used).toEqual([])
  })

  test('where the login fails, too, its error tells of the refusal that led to it', async () => {
    const { client, url, login, revoke } = await setUp()
    const source = tokenSource(renewWith(refreshToken(client, { url }), login))
    await source.get()
    revoke()
    login.mockImplementation(() => {
      throw new AuthError('Nobody is there to log in', 'ERR_AUTH_CREDENTIALS')
    })
    expect(await failureOf(source.renew())).toMatchObject({
      message: 'Nobody is there to log in',
      code: 'ERR_AUTH_CREDENTIALS',
      error: 'invalid_grant',
      cause: expect.objectContaining({ status: 400, error: 'invalid_grant' }),
    })
  })
})
