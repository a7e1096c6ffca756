import axios, { AxiosError, CanceledError } from 'axios'
import MockAdapter from 'axios-mock-adapter'
import { AuthError } from '#lib/errors'
import { bearerAuth } from '#lib/schemes/bearer'
import { clientCredentials, type GrantOptions } from '#lib/tokens/grants'
import { wasLost } from '#lib/tokens/lost-answer'
import { type RefreshTokenOptions, refreshToken } from '#lib/tokens/refresh-token'
import { renewWith } from '#lib/tokens/renew-with'
import type { FetchToken } from '#lib/tokens/token-fetch'
import {
  addParameters,
  keyOfParameters,
  lifeWithin,
  type TokenParameters,
  unitedScope,
} from '#lib/tokens/token-parameters'
import { type TokenSource, tokenSource } from '#lib/tokens/token-source'
import { failureOf } from '../support/auth-failure'

const URL_OF_TOKENS = '/oauth2/token'

/** An issuer without a network, and the form of each token request that it got. */
function issuer() {
  const client = axios.create({ baseURL: 'https://issuer.example' })
  const mock = new MockAdapter(client)
  mock.onPost(URL_OF_TOKENS).reply(200, { access_token: 'token', refresh_token: 'r1', expires_in: 600 })
  const forms = () => (mock.history.post ?? []).map(({ data }) => [...new URLSearchParams(String(data))])
  return { client, forms }
}

describe('the key of parameters', () => {
  test.each<[TokenParameters, string]>([
    [{}, ''],
    [{ scope: undefined, max_age: undefined }, ''],
    [{ scope: 'a b' }, 'scope=a b'],
    [{ max_age: 0 }, 'max_age=0'],
    [{ scope: 's', max_age: 1, claims: '{}', acr_values: 'a' }, 'acr_values=a&claims={}&max_age=1&scope=s'],
    [{ claims: '{}', acr_values: 'a', scope: 's', max_age: '1' }, 'acr_values=a&claims={}&max_age=1&scope=s'],
  ])('of %j is %j', (parameters, key) => {
    expect(keyOfParameters(parameters)).toBe(key)
  })
})

describe('scopes', () => {
  test.each<[lists: (string | undefined)[], united: string]>([
    [[], ''],
    [[undefined, ''], ''],
    [['a b', 'b c'], 'a b c'],
    [[undefined, ' a  a '], 'a'],
  ])('%j are united to %j', (lists, united) => {
    expect(unitedScope(...lists)).toBe(united)
  })
})

describe('a token request', () => {
  test.each<[what: string, before: string, parameters: TokenParameters, after: string]>([
    ['without parameters stays as it is', 'scope=a', {}, 'scope=a'],
    ['has the scopes of both', 'scope=a+b&x=1', { scope: 'b c' }, 'scope=a+b+c&x=1'],
    ['that had no scope has that of the parameters', 'x=1', { scope: 'c' }, 'x=1&scope=c'],
    ['keeps its scope where the parameters have an empty one', 'scope=a', { scope: '' }, 'scope=a'],
    [
      'has the others instead of its own',
      'max_age=1',
      { max_age: 0, claims: '{}' },
      'max_age=0&claims=%7B%7D',
    ],
    ['has none of those that are undefined', 'x=1', { acr_values: undefined }, 'x=1'],
  ])('%s', (_, before, parameters, after) => {
    const request = new URLSearchParams(before)
    addParameters(request, parameters)
    expect(request.toString()).toBe(after)
  })
})

describe('the life of a token that was asked for with a max_age', () => {
  test.each<[max_age: number | string | undefined, life: number | undefined, within: number | undefined]>([
    [undefined, 5000, 5000],
    [undefined, undefined, undefined],
    [10, undefined, 10_000],
    ['10', 5000, 5000],
    ['10', 60_000, 10_000],
    [0, 60_000, 0],
    ['soon', 60_000, 60_000],
    [-1, 60_000, 60_000],
  ])('max_age %p and %p ms make %p ms', (max_age, life, within) => {
    expect(lifeWithin({ max_age }, life)).toBe(within)
  })
})

describe('the grants', () => {
  const demand = {
    authenticate: { scope: 'write read', acr_values: 'strong', max_age: 60, claims: '{"a":1}' },
  }
  const added = [
    ['acr_values', 'strong'],
    ['max_age', '60'],
    ['claims', '{"a":1}'],
  ]

  test.each<[what: string, options: Partial<GrantOptions>, scope: string]>([
    ['unites the scopes with its own', { scope: ['read', 'list'] }, 'read list write'],
    ['has no scope of its own', {}, 'write read'],
  ])('send them: client credentials that %s', async (_, options, scope) => {
    const { client, forms } = issuer()
    await tokenSource(clientCredentials(client, { url: URL_OF_TOKENS, ...options })).get(demand)
    expect(forms()).toEqual([[['grant_type', 'client_credentials'], ['scope', scope], ...added]])
  })

  test.each<[what: string, options: Partial<RefreshTokenOptions>, scope: string]>([
    ['unites the scopes with its own', { scope: 'list' }, 'list write read'],
    ['has no scope of its own', {}, 'write read'],
  ])('send them: a refresh token that %s', async (_, options, scope) => {
    const { client, forms } = issuer()
    const fetchToken = refreshToken(client, { url: URL_OF_TOKENS, refreshToken: 'r0', ...options })
    await tokenSource(fetchToken).get(demand)
    expect(forms()).toEqual([
      [['grant_type', 'refresh_token'], ['refresh_token', 'r0'], ['scope', scope], ...added],
    ])
  })

  test('set them in place of further parameters of the same name', async () => {
    const { client, forms } = issuer()
    const options = { url: URL_OF_TOKENS, parameters: { max_age: '3600', tenant: 'acme' } }
    const source = tokenSource(clientCredentials(client, options))
    await source.get({ authenticate: { max_age: 60 } })
    await source.get()
    expect(forms().map((form) => Object.fromEntries(form))).toEqual([
      { grant_type: 'client_credentials', max_age: '60', tenant: 'acme' },
      { grant_type: 'client_credentials', max_age: '3600', tenant: 'acme' },
    ])
  })

  test('send them with a renewal and with the login before it', async () => {
    const { client, forms } = issuer()
    const renew = refreshToken(client, { url: URL_OF_TOKENS })
    const login = clientCredentials(client, { url: URL_OF_TOKENS })
    const source = tokenSource(renewWith(renew, login))
    await source.get(demand)
    await source.renew(demand)
    expect(forms().map((form) => Object.fromEntries(form))).toMatchObject([
      { grant_type: 'client_credentials', acr_values: 'strong' },
      { grant_type: 'refresh_token', refresh_token: 'r1', acr_values: 'strong' },
    ])
  })
})

describe('how long a fetch may take', () => {
  beforeEach(() => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask', 'performance'] })
  })
  afterEach(() => {
    jest.useRealTimers()
  })

  const never = (timeout?: number): FetchToken =>
    Object.assign(() => new Promise<string>(() => undefined), { timeout })

  /** The message of the error when this source has given up. */
  async function givenUp(source: TokenSource): Promise<string> {
    const failure = failureOf(source.get())
    await jest.runAllTimersAsync()
    return (await failure).message
  }

  test.each<[what: string, source: () => TokenSource, timeout: number]>([
    ['nothing says so', () => tokenSource(never()), 30_000],
    ['the function says so', () => tokenSource(never(600_000)), 600_000],
    ['the source says otherwise', () => tokenSource(never(600_000), { timeout: 5000 }), 5000],
    ['the login of renewWith says so', () => tokenSource(renewWith(never(7000), never(9000))), 9000],
    ['only the renewal of renewWith says so', () => tokenSource(renewWith(never(7000), never())), 7000],
    ['neither of renewWith says so', () => tokenSource(renewWith(never(), never())), 30_000],
  ])('when %s', async (_, source, timeout) => {
    expect(await givenUp(source())).toContain(`No token came within ${timeout} ms`)
  })

  test('a function may say it to an interceptor, too', async () => {
    const api = axios.create({ baseURL: 'https://api.example' })
    api.interceptors.request.use(bearerAuth(never(70_000)))
    const failure = failureOf(api.get('/things'))
    await jest.runAllTimersAsync()
    expect((await failure).message).toContain('No token came within 70000 ms')
  })

  test.each([0, -1, Number.NaN, 2 ** 31, '5' as unknown as number])('not %p, whoever says so', (timeout) => {
    expect(() => tokenSource(never(timeout))).toThrow(new TypeError(tooOdd(timeout)))
  })

  const tooOdd = (timeout: number): string =>
    timeout === 0
      ? '`timeout` must be more than 0 ms'
      : `\`timeout\` must be a number of milliseconds from 0 to ${2 ** 31 - 1}`
})

describe('whether the server may have dealt with a request that failed', () => {
  const failed = (code: string): AxiosError => new AxiosError('failed', code)

  test.each(['ECONNRESET', 'ECONNABORTED', 'ETIMEDOUT', 'EPIPE', 'ERR_NETWORK', 'ERR_CANCELED'])(
    'it may: %s',
    (code) => {
      expect(wasLost(failed(code))).toBe(true)
    },
  )

  test('it may: it was aborted by its source', () => {
    expect(wasLost(new CanceledError())).toBe(true)
  })

  test.each(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'ERR_INVALID_URL'])(
    'it was not reached: %s',
    (code) => {
      expect(wasLost(failed(code))).toBe(false)
    },
  )

  test.each<[what: string, error: unknown]>([
    ['it answered', Object.assign(failed('ERR_BAD_RESPONSE'), { response: { status: 503 } })],
    ['we did not ask it', new AuthError('no secret', 'ERR_AUTH_CREDENTIALS')],
    ['a function of the user failed', new Error('the vault is sealed')],
    ['nothing is known', undefined],
  ])('%s', (_, error) => {
    expect(wasLost(error)).toBe(false)
  })
})
