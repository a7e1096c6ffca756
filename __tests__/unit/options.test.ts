import { inspect } from 'node:util'
import axios, { type AxiosInstance } from 'axios'
import {
  apiKeyAuth,
  authInterceptor,
  basicAuth,
  bearerAuth,
  clientCredentials,
  refreshToken,
  renewWith,
  tokenRequest,
  tokenSource,
} from '#lib'

// What the types forbid is what is tested here.
type Loose = (...values: unknown[]) => unknown

const client: AxiosInstance = axios.create({ baseURL: 'https://issuer.example' })
const scheme = { authenticate: () => undefined }
const credentials = { username: 'user', password: 'secret' }
const key = { name: 'X-Key', value: 'secret' }
const promise = Promise.resolve('secret')

type Row = [title: string, name: string, values: unknown[]]

/** A row for each wrong value of an option; `place` says where in the arguments it stands. */
const wrong = (name: string, values: unknown[], place: (value: unknown) => unknown[]): Row[] =>
  values.map((value) => [`${name}: ${inspect(value, { breakLength: Infinity })}`, name, place(value)])

function refuses(act: () => unknown, name: string): void {
  expect(act).toThrow(TypeError)
  expect(act).toThrow(`\`${name}\``)
  expect(act).not.toThrow('secret')
}

const notObjects: unknown[] = [null, 5, 'text', true, () => undefined]
const notStrings: unknown[] = [undefined, null, 5, {}, [], promise]
const notFunctions: unknown[] = [null, 5, 'text', true, {}]

describe('basicAuth', () => {
  const make = basicAuth as Loose

  test.each([
    ...wrong('credentials', [undefined, ...notObjects], (value) => [value]),
    ...wrong('username', notStrings, (username) => [{ ...credentials, username }]),
    ...wrong('username', ['a:b', 'user\n', 'us\u0000er'], (username) => [{ ...credentials, username }]),
    ...wrong('password', notStrings, (password) => [{ ...credentials, password }]),
    ...wrong('password', ['secret\r\n', 'secret\u007f'], (password) => [{ ...credentials, password }]),
    ...wrong('options', notObjects, (options) => [credentials, options]),
    ...wrong('onEvent', notFunctions, (onEvent) => [credentials, { onEvent }]),
  ])('%s is refused', (_, name, values) => {
    refuses(() => make(...values), name)
  })

  test.each([
    credentials,
    { username: '', password: '' },
    { username: 'user@example.com/token', password: 'a:b:c' },
    { username: 'Jürgen', password: 'pässwörd 日本 🔑' },
    { username: () => 'user', password: async () => 'secret' },
  ])('%p is all right', (value) => {
    expect(() => basicAuth(value)).not.toThrow()
  })
})

describe('apiKeyAuth', () => {
  const make = apiKeyAuth as Loose
  const noHeaderNames = ['', 'X Key', 'X-Key:', 'X\nKey', 'Schlüssel', '"X"', 'X(Key)', 'X,Key', 'X=Key']
  const noHeaderValues = ['', 'secret\n', 'secret\r\nX: y', '\u0000', 'sécret', '日本', '\u007f']
  const noCookieNames = ['', 'a b', 'a=b', 'a;b', 'ü', 'a\tb']
  const noCookieValues = ['', 'a b', 'a"b', 'a,b', 'a;b', 'a\\b', 'a\tb', 'ü']

  test.each([
    ...wrong('key', [undefined, ...notObjects], (value) => [value]),
    ...wrong('name', [...notStrings, ...noHeaderNames], (name) => [{ ...key, name }]),
    ...wrong('name', noCookieNames, (name) => [{ ...key, in: 'cookie', name }]),
    ...wrong('name', [''], (name) => [{ ...key, in: 'query', name }]),
    ...wrong('value', [...notStrings, ...noHeaderValues], (value) => [{ ...key, value }]),
    ...wrong('value', noCookieValues, (value) => [{ name: 'sid', in: 'cookie', value }]),
    ...wrong('value', [''], (value) => [{ name: 'key', in: 'query', value }]),
    ...wrong('in', ['body', 'Header', '', 5, {}, 'toString'], (place) => [{ ...key, in: place }]),
    ...wrong('options', notObjects, (options) => [key, options]),
    ...wrong('onEvent', notFunctions, (onEvent) => [key, { onEvent }]),
  ])('%s is refused', (_, name, values) => {
    refuses(() => make(...values), name)
  })

  test.each([
    key,
    { name: "!#$%&'*+-.^_`|~09aZ", value: ' visible ASCII, "and" blanks ' },
    { in: 'query', name: 'any näme', value: 'any välue & =' },
    { in: 'cookie', name: 'sid', value: 'a=b!#%&' },
    { in: undefined, name: 'X-Key', value: async () => 'secret' },
  ] as const)('%p is all right', (value) => {
    expect(() => apiKeyAuth(value)).not.toThrow()
  })
})

describe('bearerAuth', () => {
  const make = bearerAuth as Loose
  const noTokens = [undefined, null, 5, {}, [], promise, true, new Map(), { get: () => 'secret' }]
  const noTokenTexts = ['', 'Bearer secret', 'secret\n', 'sécret', ' secret']
  const noWords = ['two words', 'Bearer ', 'Bearer:', 'ü', 'a,b']

  test.each([
    ...wrong('token', [...noTokens, ...noTokenTexts], (token) => [token]),
    ...wrong('options', notObjects, (options) => ['a', options]),
    ...wrong('scheme', [5, null, {}, ['Bearer'], ...noWords], (scheme) => ['a', { scheme }]),
    ...wrong('in', ['body', 5, '', null, 'toString'], (place) => ['a', { in: place }]),
    ...wrong('name', ['', 5, 'X Token', 'ü', null], (name) => ['a', { name }]),
    ...wrong('name', [undefined, '', 'a b'], (name) => ['a', { in: 'cookie', name }]),
    ...wrong('name', [''], (name) => ['a', { in: 'query', name }]),
    ...wrong('attach', notFunctions, (attach) => ['a', { attach }]),
    ...wrong('isRejected', [...notFunctions, 401, [401]], (isRejected) => ['a', { isRejected }]),
    ...wrong('onEvent', notFunctions, (onEvent) => ['a', { onEvent }]),
    ...wrong('onEvent', notFunctions, (onEvent) => [() => 'a', { onEvent }]),
    ...wrong('stepUp', [1, 'true', null, {}], (stepUp) => [() => 'a', { stepUp }]),
    ...wrong('isRejectd', [() => true], (isRejectd) => ['a', { isRejectd }]),
  ])('%s is refused', (_, name, values) => {
    refuses(() => make(...values), name)
  })

  test.each<[what: string, values: unknown[]]>([
    ['a fixed token', ['a']],
    ['a function', [() => 'a']],
    ['a source', [tokenSource(() => 'a')]],
    ['a scheme of its own', ['a', { scheme: 'Zoho-oauthtoken' }]],
    ['no scheme', ['a', { scheme: '' }]],
    ['another header', ['a', { name: 'X-auth-access-token' }]],
    ['a query', ['a', { in: 'query' }]],
    ['a cookie', ['a', { in: 'cookie', name: 'jwt' }]],
    ['attach and isRejected', ['a', { attach: () => undefined, isRejected: () => false }]],
    ['options that are undefined', ['a', { scheme: undefined, in: undefined, name: undefined }]],
    ['functions that are undefined', ['a', { attach: undefined, isRejected: undefined, onEvent: undefined }]],
  ])('%s is all right', (_, values) => {
    expect(() => make(...values)).not.toThrow()
  })
})

describe('authInterceptor', () => {
  const make = authInterceptor as Loose

  test.each([
    ...wrong('scheme', [undefined, null, 5, 'bearer', {}, [], () => undefined], (value) => [value]),
    ...wrong('authenticate', notFunctions, (authenticate) => [{ authenticate }]),
    ...wrong('answer', notFunctions, (answer) => [{ ...scheme, answer }]),
    ...wrong('options', notObjects, (options) => [scheme, options]),
    ...wrong('onEvent', notFunctions, (onEvent) => [scheme, { onEvent }]),
  ])('%s is refused', (_, name, values) => {
    refuses(() => make(...values), name)
  })

  test.each<[what: string, values: unknown[]]>([
    ['a scheme that never replays', [scheme]],
    ['a scheme that does', [{ ...scheme, answer: () => true }]],
    ['an answer that is undefined', [{ ...scheme, answer: undefined }]],
    ['options that are undefined', [scheme, undefined]],
  ])('%s is all right', (_, values) => {
    expect(() => make(...values)).not.toThrow()
  })
})

describe('origins', () => {
  const withOrigins = (origins: unknown) => (basicAuth as Loose)(credentials, { origins })

  test.each<[what: string, origins: unknown]>([
    ['a path', 'https://api.example.com/v1'],
    ['a query', 'https://api.example.com?a=b'],
    ['a fragment', 'https://api.example.com#a'],
    ['a user', 'https://user@api.example.com'],
    ['a password', 'https://:secret@api.example.com'],
    ['a wildcard', 'https://*.example.com'],
    ['a wildcard alone', '*'],
    ['a wildcard for the port', 'https://api.example.com:*'],
    ['no URL', 'api.example.com'],
    ['a host with a port', 'api.example.com:443'],
    ['a relative URL', '//api.example.com'],
    ['nothing', ''],
    ['an empty list', []],
    ['a list with nothing in it', [undefined]],
    ['a list with one that is wrong', ['https://api.example.com', 'https://api.example.com/v1']],
    ['a list in a list', [['https://api.example.com']]],
    ['ftp', 'ftp://api.example.com'],
    ['a web socket', 'wss://api.example.com'],
    ['a file', 'file:///etc'],
    ['data', 'data:text/plain,x'],
    ['null', null],
    ['a number', 443],
    ['a boolean', true],
    ['a URL object', new URL('https://api.example.com')],
    ['a list with a URL object', [new URL('https://api.example.com')]],
    ['a regular expression', /example/],
    ['a set', new Set(['https://api.example.com'])],
    ['an object', { 0: 'https://api.example.com' }],
  ])('%s is refused', (_, origins) => {
    refuses(() => withOrigins(origins), 'origins')
  })

  test.each<[what: string, origins: unknown]>([
    ['an origin', 'https://api.example.com'],
    ['an origin with a slash', 'https://api.example.com/'],
    ['an origin in capitals', 'HTTPS://API.EXAMPLE.COM'],
    ['a port', 'https://api.example.com:8443'],
    ['plain http', 'http://api.example.com'],
    ['an address', 'http://[::1]:8080'],
    ['a host outside ASCII', 'https://bücher.example'],
    ['several', ['https://a.example', 'http://b.example']],
    ['the same twice', ['https://a.example', 'https://a.example:443']],
    ['a function', () => true],
    ['undefined', undefined],
  ])('%s is all right', (_, origins) => {
    expect(() => withOrigins(origins)).not.toThrow()
  })

  test.each<[name: string, make: (origins: unknown) => unknown]>([
    ['apiKeyAuth', (origins) => (apiKeyAuth as Loose)(key, { origins })],
    ['bearerAuth', (origins) => (bearerAuth as Loose)('a', { origins })],
    ['bearerAuth with a function', (origins) => (bearerAuth as Loose)(() => 'a', { origins })],
    [
      'bearerAuth with a source',
      (origins) =>
        (bearerAuth as Loose)(
          tokenSource(() => 'a'),
          { origins },
        ),
    ],
    ['authInterceptor', (origins) => (authInterceptor as Loose)(scheme, { origins })],
  ])('%s refuses them, too', (_, make) => {
    refuses(() => make('https://api.example.com/v1'), 'origins')
    refuses(() => make([]), 'origins')
    expect(() => make('https://api.example.com')).not.toThrow()
  })
})

describe('tokenSource', () => {
  // Its options have a table in token-source.test.ts.
  test.each([
    ...wrong('fetchToken', [undefined, null, 'a', {}, promise], (value) => [value]),
    ...wrong('options', notObjects, (options) => [() => 'a', options]),
  ])('%s is refused', (_, name, values) => {
    refuses(() => (tokenSource as Loose)(...values), name)
  })
})

describe('tokenRequest', () => {
  const make = tokenRequest as Loose
  const noClients = [undefined, null, 5, 'https://issuer.example', {}, { request: 'x' }]

  test.each([
    ...wrong('client', noClients, (value) => [value, {}]),
    ...wrong('config', [undefined, null, 5, '/token', true], (config) => [client, config]),
    ...wrong('read', [null, 'access_token', {}, '$.access_token'], (read) => [client, {}, read]),
  ])('%s is refused', (_, name, values) => {
    refuses(() => make(...values), name)
  })

  test.each<[what: string, values: unknown[]]>([
    ['a config', [client, { url: '/token' }]],
    ['a function', [client, () => ({})]],
    ['a function to read', [client, {}, () => 'a']],
    ['axios itself', [axios, {}]],
    ['no function to read', [client, {}, undefined]],
  ])('%s is all right', (_, values) => {
    expect(() => make(...values)).not.toThrow()
  })
})

describe.each<[name: string, make: Loose, options: object]>([
  ['clientCredentials', clientCredentials as Loose, { url: '/token' }],
  ['refreshToken', refreshToken as Loose, { url: '/token', refreshToken: 'secret' }],
])('%s', (_, make, options) => {
  const one = (name: string, values: unknown[], others: object = {}) =>
    wrong(name, values, (value) => [client, { ...options, ...others, [name]: value }])
  const issuerUrl = new URL('https://issuer.example')

  test('id and secret that are both undefined are told', () => {
    const nothing = { clientId: undefined, clientSecret: undefined }
    expect(() => make(client, { ...options, ...nothing })).toThrow(
      '`clientId` and `clientSecret` are undefined: leave them out if the client instance authenticates itself',
    )
    expect(() => make(client, { ...options, clientId: undefined })).not.toThrow()
  })

  test.each([
    ...wrong('client', [undefined, null, {}, 'https://issuer.example'], (value) => [value, options]),
    ...wrong('options', [undefined, ...notObjects], (value) => [client, value]),
    ...one('url', ['', undefined, null, 5, {}, issuerUrl]),
    ...one('scope', [5, null, {}, [5], ['a', undefined]]),
    ...one('audience', [5, null, {}, [5]]),
    ...one('resource', [5, null, [null], issuerUrl]),
    ...one('parameters', [5, null, 'a=b', () => undefined]),
    ...wrong('tenant', [5, null, {}], (tenant) => [client, { ...options, parameters: { tenant } }]),
    ...one('clientId', ['', 5, null, {}, promise]),
    ...one('clientId', ['a:b'], { clientSecret: 'secret' }),
    ...one('clientSecret', [5, null, {}, promise], { clientId: 'id' }),
    ...one('clientSecret', ['secret']),
    ...one('clientAuthentication', ['post', 'Basic', '', 5, null]),
  ])('%s is refused', (_, name, values) => {
    refuses(() => make(...values), name)
  })
})

describe('a slip in the name of an option', () => {
  test.each<[string, Loose, unknown[]]>([
    ['basicAuth', basicAuth as Loose, [{ username: 'a', passwort: 'secret' }]],
    [
      'basicAuth',
      basicAuth as Loose,
      [{ username: 'a', password: 'secret' }, { origin: 'https://a.example' }],
    ],
    ['apiKeyAuth', apiKeyAuth as Loose, [{ name: 'key', value: 'secret', inn: 'query' }]],
    ['bearerAuth', bearerAuth as Loose, [() => 'secret', { leeway: 5 }]],
    ['tokenSource', tokenSource as Loose, [() => 'secret', { renewBefore: 5 }]],
    ['clientCredentials', clientCredentials as Loose, [client, { url: '/token', scopes: 'a' }]],
    ['refreshToken', refreshToken as Loose, [client, { url: '/token', onRotated: () => undefined }]],
    ['renewWith', renewWith as Loose, [() => 'secret', () => 'secret', { time: 1 }]],
  ])('is told by %s, with the names that there are', (_, make, values) => {
    const shown = (): unknown => make(...values)
    expect(shown).toThrow(TypeError)
    expect(shown).toThrow(/^There is no option `\w+`, only \w+/)
  })
})

test('a slip in the name of an option is told with nothing but the names that there are', () => {
  expect(() => (apiKeyAuth as Loose)({ ...key, inn: 'query' })).toThrow(
    new TypeError('There is no option `inn`, only name, value, in'),
  )
})

describe('refreshToken alone', () => {
  const make = (over: object) =>
    (refreshToken as Loose)(client, { url: '/token', refreshToken: 'a', ...over })

  test.each([
    // Undefined means the refresh token that comes with a login.
    ...wrong(
      'refreshToken',
      [...notStrings.filter((value) => value !== undefined), '', 'secret\n', 'sécret'],
      (value) => [{ refreshToken: value }],
    ),
    ...wrong('onRotate', notFunctions, (onRotate) => [{ onRotate }]),
  ])('%s is refused', (_, name, [over]) => {
    refuses(() => make(over as object), name)
  })

  test('a function is all right', () => {
    expect(() => make({ refreshToken: async () => 'a', onRotate: () => undefined })).not.toThrow()
  })
})

test('a client secret that is undefined, as one from an environment that lacks it, is refused', () => {
  const options = { url: '/token', clientId: 'fake-id', clientSecret: undefined }
  expect(() => clientCredentials(client, options)).toThrow('`clientSecret` is undefined')
})
