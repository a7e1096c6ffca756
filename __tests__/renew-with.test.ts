import { renewWith, type TokenResult, tokenSource } from '#lib'

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
  [
    'times',
    () =>
      renewWith(
        () => 'fake',
        () => 'fake',
        { times: 0 },
      ),
  ],
])('a wrong %s is a TypeError that names it', (name, make) => {
  expect(make).toThrow(TypeError)
  expect(make).toThrow(`\`${name}\``)
})
