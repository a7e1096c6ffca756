import fc from 'fast-check'
import { type Challenge, parseChallenges } from '#lib/challenge'
import { challenges, draws, hostile, meant, pattern, spelled } from './challenge-list'
import { holds, isLong, note, TIMEOUT } from './runs'

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/

/** Compares in one way what Jest would need many objects for: this runs 100,000 times. */
const plain = (list: readonly Challenge[]): string =>
  JSON.stringify(
    list.map(({ scheme, parameters, token68 }) => [scheme, Object.entries(parameters).sort(), token68]),
  )

const sameText = (one: readonly Challenge[], other: readonly Challenge[]): void => {
  const [a, b] = [plain(one), plain(other)]
  if (a !== b) throw new Error(`${a}\nis not\n${b}`)
}

/** Is whatever one challenge says said by the other, too? */
function assertPartOf(part: Challenge | undefined, whole: Challenge | undefined): void {
  for (const [name, value] of Object.entries(part?.parameters ?? {})) {
    if (whole?.parameters[name] !== value)
      throw new Error(`${name} was made up: ${JSON.stringify([part, whole])}`)
  }
}

describe('any list of challenges', () => {
  test(
    'is read the same from each of its spellings: case, quotes, escapes, blanks, empty elements, lines',
    () => {
      holds(
        fc.property(challenges, draws, (given, draw) => {
          const lines = spelled(given, draw)
          sameText(parseChallenges(lines), meant(given))
          sameText(parseChallenges(lines.join(', ')), meant(given))
        }),
        1500,
      )
    },
    TIMEOUT,
  )

  test(
    'is still read when anything follows: only the last challenge may gain a parameter',
    () => {
      holds(
        fc.property(challenges, draws, hostile, (given, draw, tail) => {
          const expected = meant(given)
          const found = parseChallenges(`${spelled(given, draw).join(', ')}, ${tail}`)
          sameText(found.slice(0, expected.length - 1), expected.slice(0, -1))
          const last = expected.length - 1
          const [before, after] = [expected[last], found[last]]
          if (before?.scheme !== after?.scheme || before?.token68 !== after?.token68)
            throw new Error('the last challenge is another one')
          // Of a name that comes twice the last counts, so that the tail may have changed a value.
          for (const name of Object.keys(before?.parameters ?? {}))
            if (!(name in (after?.parameters ?? {}))) throw new Error(`${name} was lost`)
        }),
        1000,
      )
    },
    TIMEOUT,
  )

  test(
    'that is cut off anywhere says nothing that it did not say whole',
    () => {
      holds(
        fc.property(challenges, draws, fc.double({ min: 0, max: 1, noNaN: true }), (given, draw, part) => {
          const text = spelled(given, draw).join(', ')
          const expected = meant(given)
          const found = parseChallenges(text.slice(0, Math.floor(text.length * part)))
          // The last one may be the beginning of a name or value that was cut. All before it ...
          for (const [at, challenge] of found.slice(0, -1).entries()) {
            if (challenge.scheme !== expected[at]?.scheme) throw new Error(`a scheme was made up: ${text}`)
            assertPartOf(challenge, expected[at])
            // ... are whole, but for that before the cut one, which may be its own cut parameter in disguise.
            if (at < found.length - 2) sameText([challenge], [expected[at] as Challenge])
          }
        }),
        1000,
      )
    },
    TIMEOUT,
  )
})

test(
  'whatever text comes, nothing is thrown, and what is read stands in it',
  () => {
    holds(
      fc.property(fc.oneof(hostile, fc.array(hostile, { maxLength: 3 })), (field) => {
        const text = (Array.isArray(field) ? field.join(', ') : field).toLowerCase()
        let size = 0
        for (const { scheme, parameters, token68 = '' } of parseChallenges(field)) {
          const names = Object.keys(parameters)
          for (const name of [scheme, ...names]) {
            if (!TOKEN.test(name) || name !== name.toLowerCase() || !text.includes(name))
              throw new Error(`${JSON.stringify(name)} is no name that was sent`)
          }
          size += [scheme, token68, ...names, ...Object.values(parameters)].join('').length
        }
        if (size > text.length) throw new Error('more was read than was sent')
        if (Reflect.ownKeys(Object.prototype).includes('realm')) throw new Error('polluted')
      }),
      2000,
    )
  },
  TIMEOUT,
)

test(
  'whatever is no text and no list of texts gives no challenge',
  () => {
    const nonText = fc.anything().filter((value) => typeof value !== 'string' && !Array.isArray(value))
    holds(
      fc.property(nonText, (value) => parseChallenges(value as string).length === 0),
      300,
    )
  },
  TIMEOUT,
)

describe('a hostile field', () => {
  const SIZE = 4 * 1024
  const GROWTH = 16
  const filled = (part: string, size: number): string =>
    part.repeat(Math.ceil(size / part.length)).slice(0, size)
  const fieldOf = ([head, part]: readonly [string, string], size: number): string =>
    `${head}${filled(part, size)}`

  /** Processor time of this process in milliseconds, the least of some: what others do on the machine does not count. */
  function cost(field: string, tries: number): number {
    let least = Number.POSITIVE_INFINITY
    for (let at = 0; at < tries; at += 1) {
      const before = process.cpuUsage()
      parseChallenges(field)
      const { user, system } = process.cpuUsage(before)
      least = Math.min(least, (user + system) / 1000)
    }
    return least
  }

  // Linear: 16 times the time. Quadratic: 256 times. The bound lies between, far from both.
  const BOUND = GROWTH * 5
  // What is over at once cannot be measured: the base is at least that, so the bound at least 16 ms for 64 KiB.
  const LEAST = 0.2

  test(
    'is read in linear time, whatever it is made of',
    () => {
      holds(
        // A field that is read slowly is not made smaller: that would take hours.
        fc.property(fc.noShrink(pattern), (parts) => {
          const base = Math.max(LEAST, cost(fieldOf(parts, SIZE), 3))
          const large = fieldOf(parts, SIZE * GROWTH)
          // One measurement suffices as a rule. Only a slow one is repeated.
          if (cost(large, 1) > base * BOUND && cost(large, 3) > base * BOUND)
            throw new Error(
              `${JSON.stringify(parts)}: more than ${BOUND} times the time for ${GROWTH} times the size`,
            )
        }),
        60,
        3000,
      )
    },
    TIMEOUT,
  )

  // A figure of the machine, so in the long mode only.
  const inLongMode = isLong ? test : test.skip
  inLongMode(
    'of 64 KiB is read in 10 ms',
    () => {
      let worst: readonly [number, string] = [0, '']
      holds(
        fc.property(fc.noShrink(pattern), (parts) => {
          const field = fieldOf(parts, 64 * 1024)
          // Once may be while memory is cleaned up.
          let spent = cost(field, 1)
          if (spent > worst[0]) spent = cost(field, 20)
          if (spent > worst[0]) worst = [spent, JSON.stringify(parts)]
          if (spent >= 10) throw new Error(`${spent} ms for ${JSON.stringify(parts)}`)
        }),
        60,
        10_000,
      )
      note(`fuzz/challenge: the slowest field of 64 KiB took ${worst[0].toFixed(2)} ms: ${worst[1]}`)
    },
    TIMEOUT,
  )
})

describe('the test cases for WWW-Authenticate of greenbytes.de/tech/tc/httpauth, by their names there', () => {
  type Expected = readonly (readonly [scheme: string, parameters: Readonly<Record<string, string>>])[]
  const basic = (parameters: Record<string, string> = {}): Expected => [['basic', parameters]]

  test.each<[name: string, field: string | string[], expected: Expected]>([
    ['simplebasic', 'Basic realm="foo"', basic({ realm: 'foo' })],
    // Of a folded line the HTTP parser gives blanks: RFC 9112 section 5.2.
    ['simplebasiclf', 'Basic   realm="foo"', basic({ realm: 'foo' })],
    ['simplebasicucase', 'BASIC REALM="foo"', basic({ realm: 'foo' })],
    ['simplebasictok', 'Basic realm=foo', basic({ realm: 'foo' })],
    ['simplebasictokbs', 'Basic realm=\\f\\o\\o', basic()],
    ['simplebasicsq', "Basic realm='foo'", basic({ realm: "'foo'" })],
    ['simplebasicpct', 'Basic realm="foo%20bar"', basic({ realm: 'foo%20bar' })],
    ['simplebasiccomma', 'Basic , realm="foo"', basic({ realm: 'foo' })],
    // Malformed there; read as if the blank were there.
    ['simplebasiccomma2', 'Basic, realm="foo"', basic({ realm: 'foo' })],
    ['simplebasicnorealm', 'Basic', basic()],
    // Malformed; the last counts.
    ['simplebasic2realms', 'Basic realm="foo", realm="bar"', basic({ realm: 'bar' })],
    ['simplebasicwsrealm', 'Basic realm = "foo"', basic({ realm: 'foo' })],
    ['simplebasicrealmsqc', 'Basic realm="\\f\\o\\o"', basic({ realm: 'foo' })],
    ['simplebasicrealmsqc2', 'Basic realm="\\"foo\\""', basic({ realm: '"foo"' })],
    [
      'simplebasicnewparam1',
      'Basic realm="foo", bar="xyz",, a=b,,,c=d',
      basic({ realm: 'foo', bar: 'xyz', a: 'b', c: 'd' }),
    ],
    ['simplebasicnewparam2', 'Basic bar="xyz", realm="foo"', basic({ bar: 'xyz', realm: 'foo' })],
    ['simplebasicrealmiso88591', 'Basic realm="foo-\u00e4"', basic({ realm: 'foo-\u00e4' })],
    ['simplebasicrealmutf8', 'Basic realm="foo-\u00c3\u00a4"', basic({ realm: 'foo-\u00c3\u00a4' })],
    [
      'simplebasicrealmrfc2047',
      'Basic realm="=?ISO-8859-1?Q?foo-=E4?="',
      basic({ realm: '=?ISO-8859-1?Q?foo-=E4?=' }),
    ],
    [
      'multibasicunknown',
      'Basic realm="basic", Newauth realm="newauth"',
      [
        ['basic', { realm: 'basic' }],
        ['newauth', { realm: 'newauth' }],
      ],
    ],
    [
      'multibasicunknownnoparam',
      'Basic realm="basic", Newauth',
      [
        ['basic', { realm: 'basic' }],
        ['newauth', {}],
      ],
    ],
    [
      'multibasicunknown2',
      'Newauth realm="newauth", Basic realm="basic"',
      [
        ['newauth', { realm: 'newauth' }],
        ['basic', { realm: 'basic' }],
      ],
    ],
    [
      'multibasicunknown2np',
      'Newauth, Basic realm="basic"',
      [
        ['newauth', {}],
        ['basic', { realm: 'basic' }],
      ],
    ],
    [
      'multibasicunknown2mf',
      ['Newauth realm="newauth"', 'Basic realm="basic"'],
      [
        ['newauth', { realm: 'newauth' }],
        ['basic', { realm: 'basic' }],
      ],
    ],
    ['multibasicempty', ',Basic realm="basic"', basic({ realm: 'basic' })],
    [
      'multibasicqs',
      'Newauth realm="apps", type=1, title="Login to \\"apps\\"", Basic realm="simple"',
      [
        ['newauth', { realm: 'apps', type: '1', title: 'Login to "apps"' }],
        ['basic', { realm: 'simple' }],
      ],
    ],
    [
      'multidisgscheme',
      'Newauth realm="Newauth Realm", basic=foo, Basic realm="Basic Realm"',
      [
        ['newauth', { realm: 'Newauth Realm', basic: 'foo' }],
        ['basic', { realm: 'Basic Realm' }],
      ],
    ],
    ['unknown', 'Newauth param="value"', [['newauth', { param: 'value' }]]],
    [
      'parametersnotrequired',
      'A, B',
      [
        ['a', {}],
        ['b', {}],
      ],
    ],
    [
      'disguisedrealm',
      'Basic foo="realm=nottherealm", realm="basic"',
      basic({ foo: 'realm=nottherealm', realm: 'basic' }),
    ],
    [
      'disguisedrealm2',
      'Basic nottherealm="nottherealm", realm="basic"',
      basic({ nottherealm: 'nottherealm', realm: 'basic' }),
    ],
    ['missingquote', 'Basic realm="basic', basic()],
  ])('%s', (_, field, expected) => {
    expect(parseChallenges(field)).toEqual(expected.map(([scheme, parameters]) => ({ scheme, parameters })))
  })
})
