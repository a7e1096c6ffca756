import axios, { type AxiosRequestConfig, type InternalAxiosRequestConfig } from 'axios'
import fc from 'fast-check'
import { apiKeyAuth, bearerAuth } from '#lib'
import { AuthError } from '#lib/errors'
import { protectionSpace } from '#lib/protection-space'
import { targeting } from '#lib/target'
import { HOME, hostileUrl, origins, type Parts, parts } from './hostile-url'
import { recordingWire, type Sent } from './recording-wire'
import { holds, holdsAsync, TIMEOUT } from './runs'

const CANARY = 'canary-5e0b9a'
const THIS_MACHINE = 'http://localhost'

/** Not by `URL.canParse`: that of node 20, once it is compiled, calls some texts outside Latin-1 no URLs. */
function parsed(url: string, base?: string): URL | undefined {
  try {
    return new URL(url, base)
  } catch {
    return undefined
  }
}

/** The URL that axios says it would request, as the platform reads it; undefined where axios itself refuses it. */
function requested(parts: Partial<Parts>): URL | undefined {
  let uri: string
  try {
    uri = axios.getUri(parts)
  } catch {
    return undefined
  }
  return parsed(uri) ?? parsed(uri, THIS_MACHINE)
}

const isRefusedByAxios = (parts: Partial<Parts>): boolean => requested(parts) === undefined

/** This machine, as docs/security.md has it. */
const isLocal = (host: string): boolean =>
  host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127\.\d+\.\d+\.\d+$/.test(host)

/** The base alone. axios looks for its slashes only where it joins something to it. */
const homeOf = (baseURL: string): URL | undefined => parsed(baseURL) ?? parsed(baseURL, THIS_MACHINE)

type Decision = 'sent' | 'left off' | 'refused'

/** The table of docs/security.md, of the URL that axios requests. */
function decided(parts: Parts, listed: readonly string[] | undefined): Decision {
  const url = requested(parts) as URL
  if (listed) return listed.some((entry) => new URL(entry).origin === url.origin) ? 'sent' : 'left off'
  // axios takes it for absolute: it joins it to no base.
  const isAbsolute = /^(?:[a-z][a-z\d+\-.]*:)?\/\//i.test(parts.url)
  if (!parts.baseURL) {
    if (isAbsolute) return 'refused'
    return url.origin === THIS_MACHINE ? 'sent' : 'left off'
  }
  const home = homeOf(parts.baseURL)
  if (url.origin !== home?.origin) return 'left off'
  return home.protocol === 'https:' || isLocal(home.hostname) ? 'sent' : 'refused'
}

describe('the target of a request', () => {
  test(
    'is what axios requests, whoever writes its URL',
    () => {
      const targetOf = targeting(true)
      holds(
        fc.property(parts, (parts) => {
          const expected = requested(parts)
          // What axios refuses goes nowhere.
          if (!expected) return
          const target = targetOf(parts)
          // Twice: the short way remembers the last base.
          for (const found of [target, targetOf(parts)]) {
            if (found?.origin !== expected.origin)
              throw new Error(`${found?.origin} is not ${expected.origin}`)
            if (found.url.href !== expected.href) throw new Error(`${found.url.href} is not ${expected.href}`)
          }
        }),
        2000,
      )
    },
    TIMEOUT,
  )

  // axios 1.7.3 to 1.13 and newer ones (all that lack its check for `http:` without slashes) hand such a URL to the
  // parser as it is, without a base: `http:evil.example` is http://evil.example/ then.
  test(
    'is what the platform makes of a URL that stands alone, which may lack its slashes',
    () => {
      const targetOf = targeting(true)
      holds(
        fc.property(hostileUrl, (url) => {
          const alone = parsed(url)
          if (!alone) return
          for (const parts of [{ url }, { baseURL: url }]) {
            const found = targetOf(parts)?.origin
            if (found !== alone.origin) throw new Error(`${found} is not ${alone.origin}`)
          }
        }),
        1000,
      )
    },
    TIMEOUT,
  )

  test('is the foreign host of a URL without slashes, and not this machine', () => {
    for (const url of ['http:evil.example/x', 'http:/evil.example/x', '\thttp:evil.example/x'])
      expect([url, targeting(true)({ url })?.origin]).toEqual([url, 'http://evil.example'])
  })

  // axios up to 1.13 turned it into a text to see whether it is absolute. JavaScript programs do hand over a URL object.
  test('is that of a URL object, if such a thing comes: it is not joined to the base', () => {
    const url = new URL('http://evil.example/x') as unknown as string
    expect(targeting(true)({ baseURL: HOME, url })?.origin).toBe('http://evil.example')
  })
})

test(
  'the protection space decides as its table says, of what axios requests',
  () => {
    const seen = { sent: 0, 'left off': 0, refused: 0 }
    const targetOf = targeting(true)
    holds(
      fc.property(parts, origins, (parts, listed) => {
        if (isRefusedByAxios(parts)) return
        const target = targetOf(parts)
        if (!target) throw new Error('no target')
        const config = parts as InternalAxiosRequestConfig
        let found: Decision
        try {
          found = protectionSpace(listed)(target, config) ? 'sent' : 'left off'
        } catch (error) {
          if (!(error instanceof AuthError) || error.code !== 'ERR_AUTH_ORIGIN') throw error
          found = 'refused'
        }
        const expected = decided(parts, listed)
        seen[expected] += 1
        if (found !== expected) throw new Error(`${found}, not ${expected}`)
        // A function is asked with that very URL.
        const asked: string[] = []
        protectionSpace((url) => asked.push(url.href) > 0)(target, config)
        if (asked[0] !== requested(parts)?.href) throw new Error(`asked for ${asked[0]}`)
      }),
      2000,
    )
    expect(Object.entries(seen).filter(([, times]) => times < 20)).toEqual([])
  },
  TIMEOUT,
)

test(
  'whatever is listed as an origin is one, or is refused with a TypeError that does not show a password',
  () => {
    holds(
      fc.property(hostileUrl, (entry) => {
        let isRefused = false
        let message = ''
        try {
          protectionSpace([entry])
        } catch (error) {
          if (!(error instanceof TypeError)) throw error
          isRefused = true
          message = error.message
        }
        const url = parsed(entry)
        const isOrigin =
          url !== undefined &&
          ['http:', 'https:'].includes(url.protocol) &&
          // An empty query or fragment says nothing.
          url.href.replace(/\??#?$/, '') === `${url.origin}/` &&
          !url.hostname.includes('*')
        if (isRefused === isOrigin) throw new Error(isOrigin ? 'was refused' : 'was taken')
        if (entry.includes('@') && entry.includes('me:mine') && message.includes('mine@'))
          throw new Error('shows the password')
      }),
      500,
    )
  },
  TIMEOUT,
)

describe('on the wire', () => {
  type Place = 'bearer' | 'token' | 'header' | 'query' | 'cookie'
  type Listed = readonly string[] | undefined
  const canaryOf = (place: Place): string => `${CANARY}-${place}`
  const interceptor = (place: Place, listed: Listed) => {
    const options = listed ? { origins: listed } : {}
    if (place === 'bearer') return bearerAuth(canaryOf(place), options)
    if (place === 'token') return bearerAuth(canaryOf(place), { ...options, in: 'query' })
    return apiKeyAuth({ name: 'key', value: canaryOf(place), in: place }, options)
  }

  /** May a request that goes to this origin carry the credentials? */
  function isListed(origin: string, parts: Parts, listed: Listed): boolean {
    if (listed) return listed.some((entry) => new URL(entry).origin === origin)
    const home = homeOf(parts.baseURL ?? '')
    return (
      home !== undefined && origin === home.origin && (home.protocol === 'https:' || isLocal(home.hostname))
    )
  }

  async function send(
    adapter: 'http' | 'fetch',
    parts: Parts,
    interceptors: readonly ReturnType<typeof interceptor>[],
    hops: readonly string[],
  ) {
    // A server may write what it was sent into its redirect.
    const answer = ({ text }: Sent): string | undefined => {
      const query = /^\S+ [^?\s]*\?(\S*)/.exec(text)?.[1] ?? ''
      return hops[sent.length - 1]?.replace('{query}', () => query)
    }
    const { config, sent } = recordingWire(adapter, answer)
    const api = axios.create(config)
    for (const one of interceptors) api.interceptors.request.use(one)
    const result = await api.request({ ...parts, maxRedirects: 5 } as AxiosRequestConfig).then(
      () => 'served',
      (error: unknown) => (error as { code?: string }).code ?? String(error),
    )
    return { sent, result }
  }

  const hop = fc.oneof(
    fc.constantFrom(
      '/again',
      `${HOME}/back`,
      'http://localhost:3000/',
      'https://evil.example/?{query}',
      '/?{query}',
    ),
    // Only what a header line can hold without being changed.
    hostileUrl.filter((url) => /^[\x21-\x7e]*$/.test(url)),
  )
  const hops = fc.array(hop, { maxLength: 3 })
  const place = fc.constantFrom<Place>('bearer', 'token', 'header', 'query', 'cookie')

  test.each(['http', 'fetch'] as const)(
    'no request of the %s adapter carries credentials to an origin that is not listed, through redirects, too',
    async (adapter) => {
      const seen = { carried: 0, bare: 0, hops: 0 }
      await holdsAsync(
        fc.asyncProperty(parts, origins, place, hops, async (parts, listed, place, hops) => {
          const { sent, result } = await send(adapter, parts, [interceptor(place, listed)], hops)
          seen.hops += Math.max(0, sent.length - 1)
          for (const { origin, text } of sent) {
            const carries = text.includes(CANARY)
            seen[carries ? 'carried' : 'bare'] += 1
            if (carries && !isListed(origin, parts, listed)) throw new Error(`went to ${origin}: ${text}`)
          }
          if (isRefusedByAxios(parts)) {
            if (sent.length > 0) throw new Error('axios would not have sent this')
            return
          }
          const [first] = sent
          const expected = decided(parts, listed)
          if (expected === 'refused') {
            if (first || result !== 'ERR_AUTH_ORIGIN') throw new Error(`was sent, or ended in ${result}`)
          } else if (expected === 'left off') {
            if (sent.some(({ text }) => text.includes(CANARY))) throw new Error('was not left off')
          } else if (first && !first.text.includes(CANARY)) {
            const { username, password, searchParams } = requested(parts) as URL
            const isOwn = { bearer: username || password, query: searchParams.has('key') }
            if (!isOwn[place as 'bearer' | 'query']) throw new Error(`was left off: ${first.text}`)
          }
        }),
        250,
      )
      // Else nothing was seen.
      expect(Object.entries(seen).filter(([, times]) => times < 25)).toEqual([])
    },
    TIMEOUT,
  )

  test.each(['http', 'fetch'] as const)(
    'so it is where two interceptors have their own places and origins on one instance (%s)',
    async (adapter) => {
      let carried = 0
      await holdsAsync(
        fc.asyncProperty(
          parts,
          fc.uniqueArray(place, { minLength: 2, maxLength: 2 }),
          fc.tuple(origins, origins),
          hops,
          async (parts, places, listed, hops) => {
            const both = places.map((place, at) => interceptor(place, listed[at as 0 | 1]))
            const { sent } = await send(adapter, parts, both, hops)
            for (const { origin, text } of sent) {
              for (const [at, place] of places.entries()) {
                if (!text.includes(canaryOf(place))) continue
                carried += 1
                if (!isListed(origin, parts, listed[at as 0 | 1]))
                  throw new Error(`that of ${place} went to ${origin}: ${text}`)
              }
            }
          },
        ),
        250,
      )
      expect(carried).toBeGreaterThan(50)
    },
    TIMEOUT,
  )

  test.each(['http', 'fetch'] as const)(
    'a redirect that repeats the query takes none of two keys to a stranger (%s)',
    async (adapter) => {
      const both = [interceptor('query', undefined), interceptor('token', undefined)]
      const { sent } = await send(adapter, { baseURL: HOME, url: '/x' }, both, [
        'https://evil.example/?{query}',
      ])
      expect(sent.map(({ text }) => text.split(/\r?\n/)[0]?.includes(CANARY))).toEqual([true, false])
    },
  )

  // axios sees no absolute URL in what begins with a line break, and its parser sees one: nobody's `baseURL` is named.
  test.each(['http', 'fetch'] as const)(
    'a redirect does not make an origin the home of a request that had none (%s)',
    async (adapter) => {
      const both = [interceptor('header', [HOME]), interceptor('token', undefined)]
      const { sent } = await send(adapter, { url: `\n${HOME}/x` }, both, ['/again'])
      const carried = sent.map(({ text }) => text.match(/canary-\w+-\w+/g))
      expect(carried).toEqual([[canaryOf('header')], [canaryOf('header')]])
    },
  )
})
