import { type Challenge, parseChallenges } from '#lib/challenge'

type Parameters = Record<string, string>

const challenge = (scheme: string, parameters: Parameters = {}): Challenge => ({ scheme, parameters })
const bearer = (parameters?: Parameters) => challenge('bearer', parameters)
const basic = (parameters?: Parameters) => challenge('basic', parameters)
const withToken68 = (scheme: string, token68: string): Challenge => ({ scheme, parameters: {}, token68 })

type Vector = [description: string, field: string, expected: Challenge[]]

describe('the examples of the RFCs', () => {
  const vectors: Vector[] = [
    ['a realm alone: RFC 6750 section 3', 'Bearer realm="example"', [bearer({ realm: 'example' })]],
    [
      'a token that expired: RFC 6750 section 3',
      'Bearer realm="example", error="invalid_token", error_description="The access token expired"',
      [
        bearer({
          realm: 'example',
          error: 'invalid_token',
          error_description: 'The access token expired',
        }),
      ],
    ],
    [
      'several scopes in one value: RFC 6750 section 3',
      'Bearer error="insufficient_scope", scope="urn:example:channel=HBO&urn:example:rating=G,PG-13"',
      [bearer({ error: 'insufficient_scope', scope: 'urn:example:channel=HBO&urn:example:rating=G,PG-13' })],
    ],
    [
      'a nonce is asked for: RFC 9449 section 9',
      'DPoP error="use_dpop_nonce", error_description="Resource server requires nonce in DPoP proof"',
      [
        challenge('dpop', {
          error: 'use_dpop_nonce',
          error_description: 'Resource server requires nonce in DPoP proof',
        }),
      ],
    ],
    [
      'two schemes, the first without parameters: RFC 9449 section 7.2',
      'Bearer, DPoP algs="ES256 PS256"',
      [bearer(), challenge('dpop', { algs: 'ES256 PS256' })],
    ],
    [
      'step-up: RFC 9470 section 3',
      'Bearer error="insufficient_user_authentication", max_age="5", acr_values="myACR other"',
      [bearer({ error: 'insufficient_user_authentication', max_age: '5', acr_values: 'myACR other' })],
    ],
    [
      'two schemes and escaped quotes: RFC 9110 section 11.6.1',
      'Basic realm="simple", Newauth realm="apps", type=1, title="Login to \\"apps\\""',
      [
        basic({ realm: 'simple' }),
        challenge('newauth', { realm: 'apps', type: '1', title: 'Login to "apps"' }),
      ],
    ],
    [
      'Basic with a charset: RFC 7617 section 2.1',
      'Basic realm="foo", charset="UTF-8"',
      [basic({ realm: 'foo', charset: 'UTF-8' })],
    ],
    [
      'Digest, values with commas and slashes: RFC 7616 section 3.9.1',
      'Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=SHA-256, ' +
        'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"',
      [
        challenge('digest', {
          realm: 'http-auth@example.org',
          qop: 'auth, auth-int',
          algorithm: 'SHA-256',
          nonce: '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v',
          opaque: 'FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS',
        }),
      ],
    ],
    [
      'two Digest challenges in one line: RFC 7616 section 3.9.1',
      'Digest realm="r", algorithm=SHA-256, nonce="a", Digest realm="r", algorithm=MD5, nonce="b"',
      [
        challenge('digest', { realm: 'r', algorithm: 'SHA-256', nonce: 'a' }),
        challenge('digest', { realm: 'r', algorithm: 'MD5', nonce: 'b' }),
      ],
    ],
    [
      'userhash unquoted: RFC 7616 section 3.9.2',
      'Digest realm="api@example.org", charset=UTF-8, userhash=true',
      [challenge('digest', { realm: 'api@example.org', charset: 'UTF-8', userhash: 'true' })],
    ],
  ]

  test.each(vectors)('%s', (_, field, expected) => {
    expect(parseChallenges(field)).toEqual(expected)
  })
})

describe('names, values and white space', () => {
  const vectors: Vector[] = [
    ['a scheme in lower case', 'bearer realm="x"', [bearer({ realm: 'x' })]],
    ['a scheme in mixed case', 'bEaReR realm="x"', [bearer({ realm: 'x' })]],
    [
      'parameter names in any case',
      'Bearer REALM="x", Error=invalid_token',
      [bearer({ realm: 'x', error: 'invalid_token' })],
    ],
    ['values keep their case', 'Bearer realm="MiXeD"', [bearer({ realm: 'MiXeD' })]],
    ['a value without quotes', 'Bearer error=invalid_token', [bearer({ error: 'invalid_token' })]],
    [
      'every character that a token may have',
      "Bearer x=!#$%&'*+-.^_`|~09azAZ",
      [bearer({ x: "!#$%&'*+-.^_`|~09azAZ" })],
    ],
    ['an empty quoted value', 'Bearer realm="", error=""', [bearer({ realm: '', error: '' })]],
    ['an escaped quote', 'Bearer realm="a \\"b\\" c"', [bearer({ realm: 'a "b" c' })]],
    ['an escaped backslash', 'Bearer realm="a\\\\b"', [bearer({ realm: 'a\\b' })]],
    [
      'an escaped backslash before the closing quote',
      'Bearer realm="a\\\\", error="b"',
      [bearer({ realm: 'a\\', error: 'b' })],
    ],
    ['an escape that was not needed', 'Bearer realm="\\a\\,b"', [bearer({ realm: 'a,b' })]],
    ['characters outside ASCII in quotes', 'Basic realm="Grüße"', [basic({ realm: 'Grüße' })]],
    [
      'blanks round the equals sign',
      'Bearer realm = "x" , error =invalid_token',
      [bearer({ realm: 'x', error: 'invalid_token' })],
    ],
    ['tabs for blanks', 'Bearer\trealm\t=\t"x"\t,\terror="y"', [bearer({ realm: 'x', error: 'y' })]],
    ['several blanks behind the scheme', 'Bearer    realm="x"', [bearer({ realm: 'x' })]],
    ['blanks at both ends', '  Bearer realm="x"  ', [bearer({ realm: 'x' })]],
    ['single quotes are characters of the value', "Bearer realm='x'", [bearer({ realm: "'x'" })]],
    ['of a name that comes twice the last counts', 'Bearer realm="a", Realm="b"', [bearer({ realm: 'b' })]],
    ['an equals sign in quotes', 'Bearer scope="a=b"', [bearer({ scope: 'a=b' })]],
  ]

  test.each(vectors)('%s', (_, field, expected) => {
    expect(parseChallenges(field)).toEqual(expected)
  })
})

describe('commas', () => {
  const vectors: Vector[] = [
    ['first', ', Bearer realm="x"', [bearer({ realm: 'x' })]],
    ['last', 'Bearer realm="x",', [bearer({ realm: 'x' })]],
    ['doubled between parameters', 'Bearer realm="x",, error="y"', [bearer({ realm: 'x', error: 'y' })]],
    ['doubled between challenges', 'Basic realm="x", , Bearer', [basic({ realm: 'x' }), bearer()]],
    ['without blanks', 'Basic realm="x",Bearer error="y"', [basic({ realm: 'x' }), bearer({ error: 'y' })]],
    // An empty list element, which RFC 9110 section 5.6.1.2 tells a recipient to ignore.
    ['between the scheme and its first parameter', 'Bearer , realm="x"', [bearer({ realm: 'x' })]],
    ['nothing else', ' ,, , ', []],
  ]

  test.each(vectors)('%s', (_, field, expected) => {
    expect(parseChallenges(field)).toEqual(expected)
  })
})

describe('several challenges', () => {
  const vectors: Vector[] = [
    ['a comma in a quoted value', 'Basic realm="a, b", Bearer', [basic({ realm: 'a, b' }), bearer()]],
    [
      'a scheme name in a quoted value',
      'Basic realm="x, Bearer error=\\"invalid_token\\""',
      [basic({ realm: 'x, Bearer error="invalid_token"' })],
    ],
    ['schemes alone', 'Negotiate, NTLM,Bearer', [challenge('negotiate'), challenge('ntlm'), bearer()]],
    ['a scheme alone', 'Bearer', [bearer()]],
    ['a scheme alone with a blank behind it', 'Bearer ', [bearer()]],
    ['token68', 'Negotiate YII', [withToken68('negotiate', 'YII')]],
    ['token68 with padding', 'Negotiate YII/+a==', [withToken68('negotiate', 'YII/+a==')]],
    ['token68 with one equals sign', 'Negotiate YIIa=', [withToken68('negotiate', 'YIIa=')]],
    [
      'token68 before a challenge with parameters',
      'Negotiate YIIa==, Bearer realm="x"',
      [withToken68('negotiate', 'YIIa=='), bearer({ realm: 'x' })],
    ],
    [
      'token68 with one equals sign before another challenge',
      'Negotiate YIIa= , Bearer realm="x"',
      [withToken68('negotiate', 'YIIa='), bearer({ realm: 'x' })],
    ],
    [
      'token68 behind a challenge with parameters',
      'Bearer realm="x", Negotiate YIIa',
      [bearer({ realm: 'x' }), withToken68('negotiate', 'YIIa')],
    ],
    ['a vendor scheme', 'Zoho-oauthtoken realm="x"', [challenge('zoho-oauthtoken', { realm: 'x' })]],
  ]

  test.each(vectors)('%s', (_, field, expected) => {
    expect(parseChallenges(field)).toEqual(expected)
  })

  test('several lines count like one', () => {
    expect(parseChallenges(['Basic realm="a"', 'Bearer realm="b", error="c"', 'Negotiate'])).toEqual([
      basic({ realm: 'a' }),
      bearer({ realm: 'b', error: 'c' }),
      challenge('negotiate'),
    ])
  })

  test('a line that is empty changes nothing', () => {
    expect(parseChallenges(['', 'Bearer', ''])).toEqual([bearer()])
  })
})

describe('malformed fields', () => {
  const vectors: Vector[] = [
    ['an unclosed quote', 'Bearer realm="unclosed', [bearer()]],
    [
      'an unclosed quote behind a whole challenge',
      'Basic realm="a", Bearer realm="b',
      [basic({ realm: 'a' }), bearer()],
    ],
    ['an unclosed quote behind a whole parameter', 'Bearer realm="a", error="b', [bearer({ realm: 'a' })]],
    ['a closing quote that is escaped', 'Bearer realm="a\\"', [bearer()]],
    ['parameters without a scheme', 'realm="x", error="y"', []],
    ['a quoted string alone', '"Bearer"', []],
    ['a character that no scheme has', '@Bearer realm="x"', []],
    ['an equals sign first', '="x"', []],
    ['junk behind a whole parameter', 'Bearer realm="a", error="b" junk', [bearer({ realm: 'a' })]],
    ['texts without names', 'OAuth "Facebook Platform" "invalid_token" "expired"', [challenge('oauth')]],
    ['a missing comma between challenges', 'Bearer realm="a" Basic realm="b"', [bearer()]],
  ]

  test.each(vectors)('%s gives what was whole before it', (_, field, expected) => {
    expect(parseChallenges(field)).toEqual(expected)
  })

  test.each([
    ['a value that is missing', 'Bearer realm = '],
    ['an unclosed quote behind a blank', 'Bearer realm ="unclosed'],
    ['words in place of parameters', 'Bearer token expired basic'],
    ['words behind token68', 'Bearer YII== basic'],
  ])('%s: no other scheme is made up from it', (_, field) => {
    const others = parseChallenges(field).filter(({ scheme }) => scheme !== 'bearer')
    expect(others).toEqual([])
  })

  test.each([
    ['nothing', ''],
    ['undefined', undefined],
    ['null', null],
    ['an empty list', []],
  ])('%s gives no challenge', (_, field) => {
    expect(parseChallenges(field)).toEqual([])
  })

  test.each([
    ['a number', 401],
    ['an object', { Bearer: '' }],
    ['a boolean', true],
  ])('%s gives no challenge', (_, field) => {
    expect(parseChallenges(field as unknown as string)).toEqual([])
  })

  test('every beginning and every end of a long field is read without an exception', () => {
    const field =
      'Basic realm="a, \\"b\\"", Negotiate YII/+==, Digest qop="auth, auth-int" , stale=FALSE,, Bearer'
    for (let at = 0; at <= field.length; at += 1) {
      expect(() => parseChallenges(field.slice(0, at))).not.toThrow()
      expect(() => parseChallenges(field.slice(at))).not.toThrow()
    }
  })
})

describe('parameters with the names of object members', () => {
  test.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty'])(
    '%s is a parameter like any other',
    (name) => {
      const [found] = parseChallenges(`Bearer ${name}="x", realm="y"`)
      expect(Object.entries(found?.parameters ?? {})).toEqual([
        [name.toLowerCase(), 'x'],
        ['realm', 'y'],
      ])
      expect(Reflect.get({}, 'realm')).toBeUndefined()
    },
  )

  test('a parameter that did not come is undefined, whatever its name', () => {
    const { parameters } = parseChallenges('Bearer')[0] as Challenge
    for (const name of ['constructor', '__proto__']) expect(parameters[name]).toBeUndefined()
  })
})

describe('hostile fields', () => {
  const SIZE = 64 * 1024
  const filled = (part: string, size = SIZE): string => part.repeat(Math.ceil(size / part.length))

  test.each([
    ['an unclosed quote', `Bearer realm="${filled('x')}`],
    ['many unclosed quotes', `Bearer ${filled('a="b, ')}`],
    ['many quotes', `Bearer ${filled('"')}`],
    ['many commas', filled(',')],
    ['many commas behind a scheme', `Bearer ${filled(' ,')}`],
    ['many backslashes', `Bearer realm="${filled('\\')}`],
    ['many escaped quotes, never closed', `Bearer realm="${filled('\\"')}`],
    ['a long token', filled('a')],
    ['long tokens', `${filled('a')} ${filled('b')}`],
    ['many equals signs', `Bearer a${filled('=')}`],
    ['many "a="', `Bearer ${filled('a=')}`],
    ['many "a=,"', `Bearer ${filled('a=,')}`],
    ['many "a ="', `Bearer ${filled('a =')}`],
    ['many blanks', `Bearer${filled(' ')}x`],
    ['many blanks before each equals sign', `Bearer a${filled(' ')}=${filled(' ')}"`],
    ['many words', filled('a ')],
    ['many challenges', filled('Bearer realm="x", ')],
  ])('%s: 64 KiB are read to an end', (_, field) => {
    expect(Array.isArray(parseChallenges(field))).toBe(true)
  })

  test('a quoted value of 64 KiB is whole', () => {
    const value = filled('x, ')
    expect(parseChallenges(`Bearer realm="${value}"`)).toEqual([bearer({ realm: value })])
  })

  // No server of Node takes such a header, but a browser or a field from elsewhere may.
  test('a quoted value of 8 MiB throws nothing', () => {
    const field = `Bearer realm="${filled('x', 8 * 1024 * 1024)}"`
    expect(() => parseChallenges(field)).not.toThrow()
  })
})
