import { inspect } from 'node:util'
import { AuthError } from '#lib/errors'
import { readToken, tokenFault } from '#lib/tokens/token-response'

const NOW = Date.UTC(2030, 0, 1)
const SECOND = 1000
const HOUR = 3600 * SECOND
const END_OF_2030 = Date.UTC(2030, 11, 31)

/** Stands in whatever must not be shown. */
const SECRET = 'tok-8f1c2d'

const read = (result: unknown) => readToken(result, NOW)

function failureOf(act: () => unknown): AuthError {
  try {
    act()
  } catch (error) {
    if (error instanceof AuthError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}

const base64url = (text: string): string => Buffer.from(text).toString('base64url')
const jwt = (claims: unknown): string =>
  [base64url('{"alg":"RS256"}'), base64url(JSON.stringify(claims)), 'c2lnbmF0dXJl'].join('.')

describe('what a fetch may give', () => {
  test('a text is the token, its life unknown', () => {
    expect(read(SECRET)).toEqual({ value: SECRET, life: undefined, renewAfter: undefined, extra: {} })
  })

  test('an RFC 6749 answer: life and wish in milliseconds, the rest in extra', () => {
    const answer = {
      access_token: SECRET,
      token_type: 'Bearer',
      expires_in: 3600,
      refresh_in: 1800,
      refresh_token: 'r',
      scope: 'a b',
      'x-own': { deep: 1 },
    }
    expect(read(answer)).toEqual({
      value: SECRET,
      life: HOUR,
      renewAfter: HOUR / 2,
      extra: { token_type: 'Bearer', refresh_token: 'r', scope: 'a b', 'x-own': { deep: 1 } },
    })
  })

  test('an object with a value: whatever else it holds is in extra', () => {
    expect(read({ value: SECRET, expiresIn: 60, xsrf: 'x' })).toEqual({
      value: SECRET,
      life: 60 * SECOND,
      renewAfter: undefined,
      extra: { xsrf: 'x' },
    })
  })

  test('an object without a prototype', () => {
    const answer = Object.assign(Object.create(null), { access_token: SECRET })
    expect(read(answer).value).toBe(SECRET)
  })

  test.each(['a', 'AZaz09-._~+/=', '!#$%&*()', `{${SECRET}}`])('any visible ASCII: %s', (token) => {
    expect(read(token).value).toBe(token)
    expect(read({ access_token: token }).value).toBe(token)
  })

  // RFC 6749 section 5.1: "The client MUST ignore unrecognized value names in the response."
  test('an RFC 6749 answer that has a member `value` of its own', () => {
    expect(read({ access_token: SECRET, expires_in: 60, value: 1 })).toMatchObject({
      value: SECRET,
      life: 60 * SECOND,
    })
  })

  // Section 5.2 gives an error code at least one character.
  test('an RFC 6749 answer whose `error` is empty', () => {
    expect(read({ access_token: SECRET, error: '' }).value).toBe(SECRET)
  })

  test.each([null, false, 0])('an RFC 6749 answer whose `error` is %p', (error) => {
    expect(read({ access_token: SECRET, error }).value).toBe(SECRET)
  })
})

describe('what is no token', () => {
  test.each<[what: string, result: unknown, why: RegExp]>([
    ['undefined', undefined, /is undefined/],
    ['null', null, /is null/],
    ['a number', 42, /is number/],
    ['a boolean', true, /is boolean/],
    ['an array', [SECRET], /is an array/],
    ['a function', () => SECRET, /is function/],
    [
      'a page of HTML',
      `<!doctype html>\n<p>${SECRET}</p>`,
      /cannot be used: the token contains a line break/,
    ],
    [
      'a page of HTML in one line',
      `<!doctype html><p>${SECRET}</p>`,
      /cannot be used: the token contains a blank/,
    ],
    ['an empty text', '', /the token is empty/],
    ['a text with its scheme', `Bearer ${SECRET}`, /without a scheme word/],
    ['a text with a line break at its end', `${SECRET}\n`, /trim it/],
    ['an empty object', {}, /has no access_token/],
    ['an object with a token by another name', { token: SECRET, data: {} }, /has no access_token$/],
    [
      'an answer of axios',
      { data: { access_token: SECRET }, status: 200, headers: {}, config: {} },
      /has no access_token; it is a whole response of axios: give its `data`$/,
    ],
    ['a token that is null', { access_token: null }, /access_token is null, not a string/],
    ['a token that is a number', { access_token: 5 }, /access_token is number, not a string/],
    ['a token that is an object', { access_token: { jwt: SECRET } }, /access_token is object, not a string/],
    ['a token that is an array', { access_token: [SECRET] }, /access_token is an array, not a string/],
    ['an empty token', { access_token: '' }, /access_token is empty/],
    ['a blank token', { access_token: '   ' }, /access_token contains a blank/],
    ['a token with a blank in it', { access_token: `${SECRET} ${SECRET}` }, /contains a blank/],
    ['a token with a tab', { access_token: `${SECRET}\t` }, /control character/],
    ['a token with a header in it', { access_token: `${SECRET}\r\nX-Evil: 1` }, /control character/],
    ['a token with a NUL', { access_token: `\u0000${SECRET}` }, /control character/],
    ['a token with a DEL', { access_token: `${SECRET}\u007f` }, /control character/],
    ['a token outside ASCII', { access_token: `${SECRET}ü` }, /outside ASCII/],
    ['a token with a byte order mark', { access_token: `\ufeff${SECRET}` }, /outside ASCII/],
    ['a value that is undefined', { value: undefined }, /value is undefined, not a string/],
    ['a value that is a number', { value: 7 }, /value is number, not a string/],
    ['an empty value', { value: '', expiresIn: 60 }, /value is empty/],
  ])('%s is refused', (_, result, why) => {
    const failure = failureOf(() => read(result))
    expect(failure).toMatchObject({ name: 'AuthError', code: 'ERR_AUTH_TOKEN_RESPONSE' })
    expect(failure.message).toMatch(why)
    expect(inspect(failure, { showHidden: true, depth: null })).not.toContain(SECRET)
    expect(JSON.stringify(failure)).not.toContain(SECRET)
  })
})

describe('an error that comes with status 200', () => {
  test('is an error with the fields of RFC 6749 section 5.2', () => {
    const answer = {
      error: 'invalid_client',
      error_description: 'No such client',
      error_uri: 'https://as.example/e',
    }
    const failure = failureOf(() => read(answer))
    expect(failure).toMatchObject({ code: 'ERR_AUTH_TOKEN_RESPONSE', ...answer })
    expect(failure.message).toContain('invalid_client (No such client)')
  })

  test('wins over a token beside it, which is not shown', () => {
    const failure = failureOf(() =>
      read({ access_token: SECRET, error: 'access_denied', refresh_token: SECRET }),
    )
    expect(failure.error).toBe('access_denied')
    expect(inspect(failure, { showHidden: true, depth: null })).not.toContain(SECRET)
  })

  test.each<[unknown, string]>([
    ['mac', '"mac"'],
    [{ of: SECRET }, 'object'],
  ])('an unknown type is named, where it is a text: %p', (token_type, name) => {
    const { message } = failureOf(() => read({ access_token: 'a', token_type }))
    expect(message).toContain(`has the unknown token_type ${name}; if it is a bearer token`)
    expect(message).not.toContain(SECRET)
  })

  test('an error that is no text is a missing token', () => {
    const failure = failureOf(() => read({ error: { code: 5, message: SECRET } }))
    expect(failure.message).toMatch(/has no access_token/)
    expect(failure.error).toBeUndefined()
    expect(inspect(failure, { showHidden: true, depth: null })).not.toContain(SECRET)
  })

  test('fields that are no texts are left out: nothing else of the body gets onto the error', () => {
    const answer = {
      error: 'invalid',
      error_description: { token: SECRET },
      error_uri: [SECRET],
      status: SECRET,
    }
    const failure = failureOf(() => read(answer))
    expect(inspect(failure, { showHidden: true, depth: null })).not.toContain(SECRET)
    expect(failure).toMatchObject({ error: 'invalid' })
    expect([failure.error_description, failure.error_uri, failure.status]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
  })
})

describe('expires_in', () => {
  test.each<[what: string, expiresIn: unknown, life: number | undefined]>([
    ['that is missing', undefined, undefined],
    ['that is null', null, undefined],
    ['of no seconds', 0, 0],
    ['in seconds', 3600, HOUR],
    ['with a fraction', 0.5, 500],
    ['in digits', '3600', HOUR],
    ['in digits with a fraction', '3600.25', 3_600_250],
    ['in the digit 0', '0', 0],
    ['without an end', Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY],
  ])('%s is read', (_, expires_in, life) => {
    expect(read({ access_token: SECRET, expires_in }).life).toBe(life)
  })

  test('beyond all time is very long', () => {
    expect(read({ access_token: SECRET, expires_in: 1e300 }).life).toBeGreaterThan(1e300)
  })

  test.each<[what: string, expiresIn: unknown]>([
    ['a negative number', -1],
    ['a negative number in digits', '-1'],
    ['NaN', Number.NaN],
    ['a word', 'soon'],
    ['an empty text', ''],
    ['a blank', ' '],
    ['digits with blanks', ' 3600 '],
    ['digits with a unit', '3600s'],
    ['hexadecimal', '0x10'],
    ['an exponent', '1e3'],
    ['a date', '2030-01-01T01:00:00Z'],
    ['a Date', new Date(NOW + HOUR)],
    ['a boolean', true],
    ['an object', { seconds: 3600 }],
    ['an array', [3600]],
  ])('that is %s is refused', (_, expires_in) => {
    const failure = failureOf(() => read({ access_token: SECRET, expires_in }))
    expect(failure.code).toBe('ERR_AUTH_TOKEN_RESPONSE')
    expect(failure.message).toContain('expires_in')
    expect(inspect(failure, { showHidden: true, depth: null })).not.toContain(SECRET)
  })

  test.each<[unknown, string]>([
    [-5, '-5'],
    ['soon', 'string'],
    [true, 'boolean'],
  ])('what is wrong with %p is told, where it is no secret', (expires_in, what) => {
    const { message } = failureOf(() => read({ access_token: 'a', expires_in }))
    expect(message).toBe(
      `The token response has an unusable expires_in: it must be a number of seconds, not ${what}`,
    )
  })

  test('a text is not shown: it could be anything of the body', () => {
    expect(failureOf(() => read({ access_token: 'a', expires_in: SECRET })).message).not.toContain(SECRET)
  })
})

describe('refresh_in', () => {
  test.each([
    [undefined, undefined],
    [null, undefined],
    [0, 0],
    [1800, 1800 * SECOND],
    ['1800', 1800 * SECOND],
  ])('%p is read as %p ms', (refresh_in, renewAfter) => {
    expect(read({ access_token: SECRET, expires_in: 3600, refresh_in }).renewAfter).toBe(renewAfter)
  })
})

describe('token_type', () => {
  test.each([undefined, null, 'Bearer', 'bearer', 'BEARER', 'bEaReR', 'DPoP', 'dpop', 'DPOP'])(
    '%p is known',
    (token_type) => {
      expect(read({ access_token: SECRET, token_type }).value).toBe(SECRET)
    },
  )

  test.each(['mac', 'N_A', '', 'Bearer ', 'bearerish', 'Bearer DPoP', 5, true, {}, ['Bearer']])(
    '%p is refused',
    (token_type) => {
      const failure = failureOf(() => read({ access_token: SECRET, token_type }))
      expect(failure.code).toBe('ERR_AUTH_TOKEN_RESPONSE')
      expect(failure.message).toContain('token_type')
      expect(inspect(failure, { showHidden: true, depth: null })).not.toContain(SECRET)
    },
  )
})

describe('the life of a value', () => {
  test.each<[what: string, given: object, life: number | undefined]>([
    ['that says nothing', {}, undefined],
    ['in seconds', { expiresIn: 60 }, 60 * SECOND],
    ['of no seconds', { expiresIn: 0 }, 0],
    ['until a Date', { expiresAt: new Date(NOW + HOUR) }, HOUR],
    ['until a time in milliseconds', { expiresAt: NOW + HOUR }, HOUR],
    ['until a moment that has passed', { expiresAt: new Date(NOW - HOUR) }, 0],
    ['until now', { expiresAt: NOW }, 0],
    ['until a day of 2001, in milliseconds', { expiresAt: 1e12 }, 0],
    ['that says undefined', { expiresIn: undefined, expiresAt: undefined }, undefined],
    ['that says both: seconds win', { expiresIn: 60, expiresAt: NOW + HOUR }, 60 * SECOND],
    [
      'that says null in seconds and gives a Date',
      { expiresIn: null, expiresAt: new Date(NOW + HOUR) },
      HOUR,
    ],
  ])('%s', (_, given, life) => {
    expect(read({ value: SECRET, ...given }).life).toBe(life)
  })

  test('a time in seconds is refused, and the error says so', () => {
    const failure = failureOf(() => read({ value: SECRET, expiresAt: END_OF_2030 / 1000 }))
    expect(failure.code).toBe('ERR_AUTH_TOKEN_RESPONSE')
    expect(failure.message).toMatch(/expiresAt in seconds.*milliseconds/)
  })

  test.each<[what: string, given: object, option: string]>([
    ['a Date that is none', { expiresAt: new Date('never') }, 'expiresAt'],
    ['NaN', { expiresAt: Number.NaN }, 'expiresAt'],
    ['a date as text', { expiresAt: '2030-12-31T00:00:00Z' }, 'expiresAt'],
    ['a boolean', { expiresAt: true }, 'expiresAt'],
    ['negative seconds', { expiresIn: -5 }, 'expiresIn'],
    ['NaN seconds', { expiresIn: Number.NaN }, 'expiresIn'],
    ['seconds as a word', { expiresIn: 'soon' }, 'expiresIn'],
  ])('%s is refused', (_, given, option) => {
    const failure = failureOf(() => read({ value: SECRET, ...given }))
    expect(failure.code).toBe('ERR_AUTH_TOKEN_RESPONSE')
    expect(failure.message).toContain(option)
    expect(inspect(failure, { showHidden: true, depth: null })).not.toContain(SECRET)
  })
})

describe('the life of a JWT that came without one', () => {
  const seconds = NOW / 1000

  test.each<[what: string, claims: unknown, life: number | undefined]>([
    ['without iat it is counted from now', { exp: seconds + 600 }, 600 * SECOND],
    [
      'with iat it is the difference, whatever our clock says',
      { iat: seconds + 5000, exp: seconds + 5600 },
      600 * SECOND,
    ],
    ['a fraction of a second counts', { exp: seconds + 0.5 }, 500],
    ['an exp in the past is over', { exp: seconds - 600 }, 0],
    ['an exp before its own iat is over', { iat: seconds, exp: seconds - 600 }, 0],
    ['an iat that is its exp leaves nothing', { iat: seconds + 600, exp: seconds + 600 }, 0],
    ['an iat after exp does not count', { iat: seconds + 900, exp: seconds + 600 }, 600 * SECOND],
    ['an iat that is no number does not count', { iat: 'now', exp: seconds + 600 }, 600 * SECOND],
    ['without exp it is unknown', { iat: seconds, sub: 'x' }, undefined],
    ['an exp that is a text is unknown', { exp: String(seconds + 600) }, undefined],
    ['an exp that is null is unknown', { exp: null }, undefined],
    ['claims that are null are unknown', null, undefined],
    ['claims that are a list are unknown', [seconds], undefined],
    ['claims that are a text are unknown', 'exp', undefined],
  ])('%s', (_, claims, life) => {
    expect(read(jwt(claims)).life).toBe(life)
    expect(read({ access_token: jwt(claims) }).life).toBe(life)
    expect(read({ value: jwt(claims) }).life).toBe(life)
  })

  test('a huge exp is a very long life', () => {
    expect(read(jwt({ exp: 1e300 })).life).toBeGreaterThan(1e300)
  })

  test('an exp outside what a number holds is unknown', () => {
    const token = ['e30', base64url('{"exp":1e999}'), 's'].join('.')
    expect(read(token).life).toBeUndefined()
  })

  test('claims in characters of base64url and outside ASCII are read', () => {
    expect(read(jwt({ sub: 'ÿ?>ü~~~', name: '🔑', exp: seconds + 60 })).life).toBe(60 * SECOND)
  })

  test('what the answer says wins', () => {
    const token = jwt({ exp: seconds + 600 })
    expect(read({ access_token: token, expires_in: 60 }).life).toBe(60 * SECOND)
    expect(read({ value: token, expiresAt: NOW + HOUR }).life).toBe(HOUR)
  })

  test.each([
    ['two parts', `e30.${base64url('{"exp":1}')}`],
    ['four parts', `e30.${base64url('{"exp":1}')}.s.s`],
    ['five parts, as a JWE', `e30.${base64url('{"exp":1}')}.s.s.s`],
    ['empty parts', '..'],
    ['no base64', 'a.%%%.c'],
    ['no JSON', `e30.${base64url('exp: 1')}.s`],
    ['JSON that was cut', `e30.${base64url('{"exp":1')}.s`],
    ['bytes that are no text', `e30.${Buffer.from([0xff, 0xfe, 0x00]).toString('base64url')}.s`],
  ])('%s: it is used as it is, and its life unknown', (_, token) => {
    expect(read(token)).toMatchObject({ value: token, life: undefined })
  })

  test('a member of every object is no claim', () => {
    const token = ['e30', base64url('{"__proto__":{"exp":1}}'), 's'].join('.')
    expect(read(token).life).toBeUndefined()
  })
})

describe('tokenFault', () => {
  test.each(['a', '~', '!', 'a.b.c', 'a'.repeat(100_000)])('finds none in visible ASCII', (token) => {
    expect(tokenFault(token)).toBeUndefined()
  })

  test.each<[value: unknown, fault: RegExp]>([
    ['', /empty/],
    [' ', /blank/],
    ['a b', /blank/],
    ['a\n', /line break/],
    ['\t', /control character/],
    ['\u007f', /control character/],
    ['\u0080', /ASCII/],
    ['\u00a0', /ASCII/],
    ['日本', /ASCII/],
    [undefined, /undefined, not a string/],
    [null, /null, not a string/],
    [5, /number, not a string/],
    [[], /an array, not a string/],
    [Promise.resolve('a'), /a promise, not a string/],
  ])('%p', (value, fault) => {
    expect(tokenFault(value)).toMatch(fault)
  })
})
