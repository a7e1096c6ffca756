import { inspect } from 'node:util'
import fc from 'fast-check'
import { AuthError } from '#lib/errors'
import { jwtLife } from '#lib/tokens/jwt'
import { type ReadToken, readToken } from '#lib/tokens/token-response'
import { holds, TIMEOUT } from './runs'

const NOW = Date.UTC(2030, 0, 1)
/** Stands in whatever must not be shown. */
const CANARY = 'canary-7d41e0'

/** What came of it: a token, or the error. Anything else that is thrown ends the property. */
function outcomeOf(result: unknown): ReadToken | AuthError {
  try {
    return readToken(result, NOW)
  } catch (error) {
    if (error instanceof AuthError) return error
    throw error
  }
}

const isDuration = (value: unknown): boolean =>
  value === undefined || (typeof value === 'number' && value >= 0)

function assertUsable({ value, life, renewAfter, extra }: ReadToken): void {
  if (!/^[\x21-\x7e]+$/.test(value)) throw new Error(`unusable token ${JSON.stringify(value)}`)
  if (!isDuration(life) || !isDuration(renewAfter)) throw new Error(`no durations: ${life}, ${renewAfter}`)
  if (typeof extra !== 'object') throw new Error('no extra')
}

function assertTellsNothing(error: AuthError): void {
  if (error.code !== 'ERR_AUTH_TOKEN_RESPONSE') throw new Error(`code ${error.code}`)
  // The whole error by any name: what JSON.stringify and a logger show, its stack, its cause, its hidden properties.
  const shown = `${inspect(error, { showHidden: true, depth: 9 })}${JSON.stringify(error)}${error.stack}${String(error)}`
  if (shown.includes(CANARY)) throw new Error(`the error shows the token: ${error.message}`)
}

const secret = fc.oneof(
  fc.constantFrom(
    CANARY,
    `Bearer ${CANARY}`,
    `${CANARY}\n`,
    `${CANARY}ü`,
    `a.${CANARY}.c`,
    `\u0000${CANARY}`,
  ),
  fc.string({ maxLength: 8 }).map((text) => `${text}${CANARY}`),
  fc.constant([CANARY]),
  fc.constant({ jwt: CANARY }),
)
const seconds = fc.oneof(
  fc.double(),
  fc.integer(),
  fc.constantFrom<unknown>('3600', '-1', '1e3', '', ' 1', '0x10', null, Number.NaN, '1'.repeat(400)),
  fc.jsonValue(),
)
const name = fc.constantFrom<string>(
  ...[
    'access_token',
    'value',
    'expires_in',
    'expiresIn',
    'expiresAt',
    'refresh_in',
    'refresh_token',
    'token',
  ],
  ...['id_token', 'token_type', 'error', 'scope', '__proto__', 'data'],
)

/** An answer that looks like one, with a canary wherever a secret may stand and in places where none should. */
const answer = fc
  .array(fc.tuple(name, secret, seconds, fc.jsonValue(), fc.nat({ max: 9 })), { maxLength: 7 })
  .map((members) =>
    Object.fromEntries(
      members.map(([name, secret, seconds, json, choice]) => {
        // `error`, `error_description` and the word of token_type are shown: docs/security.md, docs/errors.md.
        if (name === 'error') return [name, json]
        if (name === 'token_type')
          return [name, choice < 7 ? (['Bearer', 'dpop', null, 'mac'] as const)[choice % 4] : json]
        const isTime = /^(?:exp|refresh_in)/.test(name)
        return [name, (isTime ? choice < 7 : choice < 2) ? seconds : choice === 9 ? json : secret]
      }),
    ),
  )

describe('any answer of an issuer', () => {
  let tokens = 0
  let errors = 0

  test(
    'is a usable token or an AuthError, which does not show the token',
    () => {
      holds(
        fc.property(
          fc.oneof({ weight: 4, arbitrary: answer }, { weight: 1, arbitrary: secret }, fc.jsonValue()),
          (result) => {
            const outcome = outcomeOf(result)
            if (outcome instanceof AuthError) {
              errors += 1
              assertTellsNothing(outcome)
            } else {
              tokens += 1
              assertUsable(outcome)
            }
          },
        ),
        1500,
      )
    },
    TIMEOUT,
  )

  test('is now the one, now the other', () => {
    // Else the property above would have looked at one half only.
    expect(Math.min(tokens, errors) * 20).toBeGreaterThan(tokens + errors)
  })

  test(
    'is either of them even if it is no JSON',
    () => {
      const things = fc.anything({
        withBigInt: true,
        withBoxedValues: true,
        withDate: true,
        withMap: true,
        withNullPrototype: true,
        withSparseArray: true,
        withTypedArray: true,
      })
      const withToken = fc
        .tuple(things, name, things)
        .map(([thing, name, other]) => ({ access_token: CANARY, ...Object(thing), [name]: other }) as unknown)
      holds(
        fc.property(fc.oneof(things, withToken), (result) => {
          const outcome = outcomeOf(result)
          if (!(outcome instanceof AuthError)) assertUsable(outcome)
        }),
        500,
      )
    },
    TIMEOUT,
  )
})

describe('the seconds of a token', () => {
  const digits = fc.string({ unit: fc.constantFrom(...'0123456789'), minLength: 1, maxLength: 30 })
  const decimal = fc
    .tuple(
      digits,
      fc.oneof(
        fc.constant(''),
        digits.map((text) => `.${text}`),
      ),
    )
    .map((parts) => parts.join(''))
  const mutation = fc.constantFrom(
    '-',
    '+',
    ' ',
    '\n',
    'e3',
    'E+2',
    '.',
    ',',
    '_',
    's',
    '0x',
    'n',
    'Infinity',
    '٣',
  )
  const almost = fc.tuple(decimal, mutation, fc.nat()).map(([text, other, at]) => {
    const place = at % (text.length + 1)
    return text.slice(0, place) + other + text.slice(place)
  })
  const special = fc.constantFrom<unknown>(
    ...[0, -0, -1, Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, Number.MAX_VALUE, 5e-324],
    ...[
      'NaN',
      'Infinity',
      '-0',
      '1e3',
      '1E3',
      '0x10',
      '0b1',
      '1_000',
      '1,000',
      '９',
      '',
      ' ',
      '9'.repeat(400),
    ],
  )
  const given = fc.oneof(fc.double(), fc.integer(), decimal, almost, special, fc.jsonValue())

  /** From the text alone, without a number: is it what RFC 6749 and the issuers that send texts mean? */
  function expected(value: unknown): number | 'none' | 'unusable' {
    if (value === undefined || value === null) return 'none'
    if (typeof value === 'number') return value >= 0 ? value : 'unusable'
    if (typeof value !== 'string' || value === '') return 'unusable'
    const [whole = '', fraction, more] = value.split('.')
    const isDigits = (part: string): boolean =>
      part !== '' && [...part].every((char) => '0123456789'.includes(char))
    if (more !== undefined || !isDigits(whole) || (fraction !== undefined && !isDigits(fraction)))
      return 'unusable'
    return Number.parseFloat(value)
  }

  test.each([
    ['expires_in', 'access_token', true],
    ['expiresIn', 'value', true],
    ['refresh_in', 'access_token', false],
  ])(
    '%s: a number from 0 on or digits, and all else is refused (or, as a wish, ignored)',
    (member, token, isRefused) => {
      let usable = 0
      let unusable = 0
      holds(
        fc.property(given, (value) => {
          const outcome = outcomeOf({ [token]: 'a', [member]: value })
          const wanted = expected(value)
          if (wanted === 'unusable' && isRefused) {
            unusable += 1
            if (!(outcome instanceof AuthError) || !outcome.message.includes(member))
              throw new Error(`was read as ${inspect(outcome)}`)
            return
          }
          usable += 1
          if (outcome instanceof AuthError) throw outcome
          const found = isRefused ? outcome.life : outcome.renewAfter
          const life = typeof wanted === 'number' ? wanted * 1000 : undefined
          if (found !== life) throw new Error(`${found} is not ${life}`)
        }),
        1000,
      )
      expect(usable).toBeGreaterThan(0)
      if (isRefused) expect(unusable).toBeGreaterThan(0)
    },
    TIMEOUT,
  )

  test(
    'expiresAt: a Date or milliseconds; seconds taken for milliseconds are refused',
    () => {
      const times = fc.oneof(
        fc.date({ noInvalidDate: false }),
        fc.double(),
        fc.integer({ min: 0, max: 2 * NOW }),
        fc.constantFrom(NOW, NOW / 1000, NOW / 100, NOW / 100 - 1, Number.POSITIVE_INFINITY, Number.NaN),
        fc.jsonValue(),
      )
      holds(
        fc.property(times, (expiresAt) => {
          const outcome = outcomeOf({ value: 'a', expiresAt })
          const at = expiresAt instanceof Date ? +expiresAt : expiresAt
          if (at === null) {
            if (outcome instanceof AuthError || outcome.life !== undefined) throw new Error('null is none')
          } else if (typeof at !== 'number' || !(at * 100 >= NOW)) {
            if (!(outcome instanceof AuthError)) throw new Error(`was read as ${outcome.life}`)
          } else if (outcome instanceof AuthError) throw outcome
          else if (outcome.life !== (at > NOW ? at - NOW : 0)) throw new Error(`${outcome.life}`)
        }),
        500,
      )
    },
    TIMEOUT,
  )
})

describe('the exp of a JWT', () => {
  const time = fc.oneof(
    fc.integer({ min: NOW / 1000 - 10_000, max: NOW / 1000 + 10_000 }),
    fc.double({ min: 0, max: 4e9, noNaN: true }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
    fc.constantFrom<unknown>(
      0,
      -1,
      1e300,
      -1e300,
      1.7e308,
      -1.7e308,
      String(NOW / 1000),
      null,
      true,
      [NOW],
      {},
    ),
  )
  const claims = fc.record(
    { exp: time, iat: time, sub: fc.string({ unit: 'grapheme' }), nested: fc.jsonValue() },
    { requiredKeys: [] },
  )
  type Encoding = 'base64' | 'base64url'
  const encoding = fc.constantFrom<Encoding>('base64url', 'base64url', 'base64')
  const jwt = (payload: string, as: Encoding): string =>
    `e30.${Buffer.from(payload).toString(as)}.${Buffer.from('signature').toString('base64url')}`

  /** The two bounds of RFC 7519's words: not after `exp` by our clock, and not longer than the issuer meant. */
  function expectedLife({ exp, iat }: { exp?: unknown; iat?: unknown }): number | undefined {
    if (typeof exp !== 'number') return undefined
    const bounds = [exp * 1000 - NOW]
    if (typeof iat === 'number' && iat <= exp) bounds.push((exp - iat) * 1000)
    return Math.max(0, Math.min(...bounds))
  }

  test(
    'is read as a life, by either alphabet of base64 and however the JSON is written',
    () => {
      holds(
        fc.property(claims, encoding, fc.constantFrom(undefined, 1, '\t'), (claims, as, space) => {
          // What JSON can say of it.
          const said = JSON.parse(JSON.stringify(claims)) as typeof claims
          const token = jwt(JSON.stringify(claims, null, space), as)
          const life = expectedLife(said)
          if (!Object.is(jwtLife(token, NOW), life) && !(life === 0 && jwtLife(token, NOW) === 0))
            throw new Error(`${jwtLife(token, NOW)} is not ${life}`)
          const read = readToken(token, NOW)
          if (read.value !== token) throw new Error('the token was changed')
          if (read.life !== jwtLife(token, NOW)) throw new Error('read otherwise')
          // What the answer says counts.
          if (readToken({ access_token: token, expires_in: 7 }, NOW).life !== 7000) throw new Error('not 7 s')
        }),
        1500,
      )
    },
    TIMEOUT,
  )

  test(
    'of a token that is almost a JWT, or no text at all, is unknown or from 0 on, and nothing is thrown',
    () => {
      const damaged = fc
        .tuple(claims, encoding, fc.nat(), fc.nat({ max: 20 }), fc.string({ unit: 'binary', maxLength: 3 }))
        .map(([claims, as, at, length, other]) => {
          const token = jwt(JSON.stringify(claims), as)
          const from = at % token.length
          return token.slice(0, from) + other + token.slice(from + length)
        })
      const parts = fc
        .array(fc.oneof(fc.constantFrom('', 'e30', '=', '%%%', 'bnVsbA', 'W10', '____'), fc.base64String()), {
          maxLength: 6,
        })
        .map((list) => list.join('.'))
      holds(
        fc.property(fc.oneof(damaged, parts, fc.string({ unit: 'binary' })), (token) => {
          if (!isDuration(jwtLife(token, NOW))) throw new Error(`${jwtLife(token, NOW)} is no life`)
        }),
        1500,
      )
    },
    TIMEOUT,
  )

  test(
    'in raw JSON, numbers in any notation, is what JSON.parse reads',
    () => {
      const raw = fc.oneof(
        fc.constantFrom(
          '1e999',
          '-1e999',
          '1E3',
          '-0',
          '1893456000.000',
          '1.893456e9',
          '01',
          '0x10',
          'NaN',
          '+1',
        ),
        fc.double({ noNaN: true }).map(String),
        fc.bigInt().map(String),
      )
      holds(
        fc.property(raw, (exp) => {
          const text = `{"exp":0,"exp":${exp}}`
          let said: number | undefined
          try {
            said = (JSON.parse(text) as { exp: number }).exp
          } catch {
            // Then nothing is known.
          }
          const life =
            said === undefined || !Number.isFinite(said) ? undefined : Math.max(0, said * 1000 - NOW)
          if (jwtLife(jwt(text, 'base64url'), NOW) !== life) throw new Error(`not ${life}`)
        }),
        500,
      )
    },
    TIMEOUT,
  )
})
