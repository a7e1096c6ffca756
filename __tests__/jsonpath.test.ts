import axios from 'axios'
import MockAdapter from 'axios-mock-adapter'
import { type AccessToken, tokenRequest, tokenSource } from '#lib'
import { jsonPath, type TokenPaths } from '#lib/jsonpath'

const NOW = Date.UTC(2026, 0, 1)

/** The token that a source gets when an issuer answers this, read by these paths. */
function tokenFrom(answer: unknown, paths: string | TokenPaths): Promise<AccessToken> {
  const issuer = axios.create({ baseURL: 'https://issuer.example.com' })
  new MockAdapter(issuer).onPost('/login').reply(200, answer)
  return tokenSource(tokenRequest(issuer, { method: 'post', url: '/login' }, jsonPath(paths)), {
    now: () => NOW,
  }).get()
}

test.each<[string, unknown, string | TokenPaths, string, number | undefined]>([
  ['a path alone', { access_token: 'fake-a' }, '$.access_token', 'fake-a', undefined],
  [
    'a nested path and seconds',
    { result: { jwt: 'fake-b', ttl: 600 } },
    { value: '$.result.jwt', expiresIn: '$.result.ttl' },
    'fake-b',
    600_000,
  ],
  [
    'seconds as text',
    { token: 'fake-c', ttl: '600' },
    { value: '$.token', expiresIn: '$.ttl' },
    'fake-c',
    600_000,
  ],
  [
    'ISO 8601',
    { token: 'fake-d', expires: '2026-01-01T00:30:00Z' },
    { value: '$.token', expiresAt: '$.expires' },
    'fake-d',
    1_800_000,
  ],
  [
    'epoch seconds',
    { token: 'fake-e', exp: NOW / 1000 + 60 },
    { value: '$.token', expiresAtSeconds: '$.exp' },
    'fake-e',
    60_000,
  ],
  [
    'epoch milliseconds',
    { token: 'fake-f', exp: NOW + 60_000 },
    { value: '$.token', expiresAtMilliseconds: '$.exp' },
    'fake-f',
    60_000,
  ],
  [
    'the one life that is given',
    { token: 'fake-i', ttl: 60 },
    { value: '$.token', expiresAt: undefined, expiresIn: '$.ttl' },
    'fake-i',
    60_000,
  ],
  [
    'a filter',
    {
      tokens: [
        { kind: 'id', jwt: 'fake-x' },
        { kind: 'access', jwt: 'fake-g' },
      ],
    },
    "$.tokens[?@.kind=='access'].jwt",
    'fake-g',
    undefined,
  ],
  ['JSON that came as text', '"fake-h"', '$', 'fake-h', undefined],
])('reads a token by %s', async (_, answer, paths, value, life) => {
  const token = await tokenFrom(answer, paths)
  expect(token.value).toBe(value)
  expect(token.expiresAt).toBe(life === undefined ? undefined : NOW + life)
})

test('keeps further values that must travel or renew', async () => {
  const token = await tokenFrom(
    { a: 'fake-a', r: 'fake-r' },
    { value: '$.a', extra: { refresh_token: '$.r' } },
  )
  expect(token.extra.refresh_token).toBe('fake-r')
})

test.each<[string, unknown, string | TokenPaths, string]>([
  ['nothing', { other: 'canary' }, '$.access_token', 'has nothing at $.access_token'],
  ['several things', { t: ['canary-1', 'canary-2'] }, '$.t[*]', 'has 2 values at $.t[*], not one'],
  ['a non-string', { t: { canary: 1 } }, '$.t', 'has object at $.t, not a string'],
  ['a number', { t: 7 }, '$.t', 'has number at $.t, not a string'],
  ['no life', { t: 'canary' }, { value: '$.t', expiresIn: '$.ttl' }, 'has nothing at $.ttl'],
  [
    'a life that is no number',
    { t: 'canary', ttl: 'soon' },
    { value: '$.t', expiresIn: '$.ttl' },
    'has string at $.ttl, not a number',
  ],
  [
    'a life with its unit',
    { t: 'canary', ttl: '600s' },
    { value: '$.t', expiresIn: '$.ttl' },
    'has string at $.ttl, not a number',
  ],
  [
    'a life behind a word',
    { t: 'canary', ttl: 'PT600' },
    { value: '$.t', expiresIn: '$.ttl' },
    'has string at $.ttl, not a number',
  ],
  [
    'a life in a list',
    { t: 'canary', ttl: ['600'] },
    { value: '$.t', expiresIn: '$.ttl' },
    'has an array at $.ttl, not a number',
  ],
  [
    'a time that is a number',
    { t: 'canary', at: NOW + 60_000 },
    { value: '$.t', expiresAt: '$.at' },
    'has no date and time in text at $.at',
  ],
  [
    'a time that is none',
    { t: 'canary', at: 'soon' },
    { value: '$.t', expiresAt: '$.at' },
    'has no date and time in text at $.at',
  ],
  [
    'a time in seconds under the name of milliseconds',
    { t: 'canary', at: NOW / 1000 },
    { value: '$.t', expiresAtMilliseconds: '$.at' },
    'expiresAt in seconds',
  ],
  ['a page', '<html>canary</html>', '$.t', 'has nothing at $.t'],
])(
  'a path that finds %s fails clearly and shows nothing of the answer',
  async (_, answer, paths, message) => {
    const failure = await tokenFrom(answer, paths).catch((error: unknown) => error as Error)
    expect(failure).toMatchObject({
      code: 'ERR_AUTH_TOKEN_RESPONSE',
      message: expect.stringContaining(message),
    })
    expect(String((failure as Error).stack)).not.toContain('canary')
  },
)

test.each<[string, unknown, string]>([
  ['is no JSONPath', 'access_token', '"access_token" is not a JSONPath (RFC 9535), such as "$.access_token"'],
  ['is no JSONPath, deeper', { value: '$.a[' }, '"$.a[" is not a JSONPath'],
  ['is no JSONPath, for the life', { value: '$.a', expiresIn: 'ttl' }, '"ttl" is not a JSONPath'],
  ['is no JSONPath, for more', { value: '$.a', extra: { r: 'r' } }, '"r" is not a JSONPath'],
  [
    'tells the life twice',
    { value: '$.a', expiresIn: '$.b', expiresAt: '$.c' },
    'the life of the token once, not by expiresIn and expiresAt',
  ],
  [
    'has an unknown name',
    { value: '$.a', expires: '$.b' },
    'There is no option `expires`, only value, extra, expiresIn, expiresAt, expiresAtSeconds, expiresAtMilliseconds',
  ],
  ['is no string', { value: 7 }, 'must be a JSONPath, or an object with one as its `value`, not number'],
  [
    'is nothing',
    undefined,
    '`paths` must be a JSONPath, or an object with one as its `value`, not undefined',
  ],
  ['is null', null, '`paths` must be an object'],
  ['is missing', {}, 'must be a JSONPath, or an object with one as its `value`, not undefined'],
  ['is no list of more', { value: '$.a', extra: '$.b' }, '`extra` must be an object'],
  [
    'would be the token itself',
    { value: '$.a', extra: { access_token: '$.b' } },
    '`extra` cannot hold `access_token`: that is the token itself, or its life',
  ],
])('paths of which one %s are a TypeError', (_, paths, message) => {
  expect(() => jsonPath(paths as TokenPaths)).toThrow(TypeError)
  expect(() => jsonPath(paths as TokenPaths)).toThrow(message)
})

test('why a path is none stands in the cause', () => {
  const make = (): unknown => jsonPath('$.a[')
  expect(make).toThrow(expect.objectContaining({ cause: expect.any(Error) }))
})

test('what stands in a path is never run', async () => {
  const evil = "$[?(@.constructor.constructor('globalThis.wasRun = 1')())]"
  expect(() => jsonPath(evil)).toThrow(TypeError)
  expect((globalThis as { wasRun?: number }).wasRun).toBeUndefined()
})

test.each([
  ['by a path', jsonPath('$.token')],
  ['by a function that finds nothing', ({ data }: { data: { token?: string } }) => data.token as string],
])('an issuer that answers an error with status 200 is quoted where a token is read %s', async (_, read) => {
  const issuer = axios.create({ baseURL: 'https://issuer.example.com' })
  new MockAdapter(issuer).onPost('/login').reply(200, { error: 'invalid_code', error_description: 'why' })
  const source = tokenSource(tokenRequest(issuer, { method: 'post', url: '/login' }, read))
  await expect(source.get()).rejects.toMatchObject({
    code: 'ERR_AUTH_TOKEN_RESPONSE',
    error: 'invalid_code',
    status: 200,
  })
})
