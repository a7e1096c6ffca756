import type { IncomingHttpHeaders } from 'node:http'
import { inspect } from 'node:util'
import { AuthError } from '#lib'
import { startServer } from '../support/servers'

/** What a vendor was sent. */
export interface Call {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingHttpHeaders
  readonly body: string
}

/** What a vendor answers. */
export interface Answer {
  readonly status: number
  readonly headers?: Record<string, string | string[]>
  readonly body?: unknown
}

/** A vendor on the wire. */
export interface Wire {
  /** `METHOD /path` of the token call. */
  readonly login: string
  /** Does the token call hold just what this vendor asks for? */
  readonly accepts: (call: Call) => boolean
  /** The answer with the n-th token. */
  readonly grants: (token: string, serial: number) => Answer
  readonly deniesLogin: Answer
  /** The credentials of a call to the API, if they stand just where this vendor wants them. */
  readonly carried: (call: Call) => string | undefined
  readonly deniesCall: Answer
  /** Milliseconds from the grant on, or since its last use. */
  readonly life: number
  readonly isIdle?: boolean
  readonly token?: (serial: number) => string
  /** Other calls that it knows; undefined: this is none of them. */
  readonly also?: (call: Call, vendor: Vendor) => Answer | undefined
}

export interface Vendor {
  readonly url: string
  /** All calls in order: the token calls by their path, those to the API with the token that they carried. */
  readonly log: string[]
  /** The calls to the API that were let in. */
  readonly served: Call[]
  /** How many tokens it gave. */
  readonly grants: () => number
  /** Ends all tokens. */
  revoke(): void
  isValid(token: string | undefined): boolean
  issue(): Answer
  /** From now on it denies all logins, or denies none. */
  isLocked: boolean
}

/** Is the body a form with just these fields, in any order? */
export const form = (fields: Record<string, string>, { headers, body }: Call): boolean =>
  /^application\/x-www-form-urlencoded\b/.test(headers['content-type'] ?? '') &&
  JSON.stringify([...new URLSearchParams(body)].sort()) === JSON.stringify(Object.entries(fields).sort())

export const isBasic = ({ headers }: Call, username: string, password: string): boolean =>
  headers.authorization === `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`

/** What stands behind a scheme word in the Authorization header. */
export const authorized =
  (scheme: string) =>
  ({ headers }: Call): string | undefined =>
    headers.authorization?.startsWith(`${scheme} `)
      ? headers.authorization.slice(scheme.length + 1)
      : undefined

export const json = (status: number, body: unknown, headers = {}): Answer => ({
  status,
  headers: { 'content-type': 'application/json;charset=UTF-8', ...headers },
  body: JSON.stringify(body),
})

export async function startVendor(wire: Wire): Promise<Vendor> {
  const ends = new Map<string, number>()
  let serial = 0
  const server = await startServer((request, response, buffer) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://localhost')
    const { method = '', headers } = request
    const answer = answerTo({ method, path: pathname, query: searchParams, headers, body: String(buffer) })
    response.writeHead(answer.status, answer.headers).end(answer.body)
  })

  function answerTo(call: Call): Answer {
    const known = wire.also?.(call, vendor)
    if (known) {
      vendor.log.push(call.path.split('/').at(-1) ?? '')
      return known
    }
    if (`${call.method} ${call.path}` === wire.login) {
      vendor.log.push('login')
      return wire.accepts(call) && !vendor.isLocked ? vendor.issue() : wire.deniesLogin
    }
    const token = wire.carried(call)
    vendor.log.push(vendor.isValid(token) ? 'served' : 'denied')
    if (token === undefined || !vendor.isValid(token)) return wire.deniesCall
    if (wire.isIdle) ends.set(token, Date.now() + wire.life)
    vendor.served.push(call)
    return json(200, { you: 'are in' })
  }

  const vendor: Vendor = {
    url: server.url,
    log: [],
    served: [],
    isLocked: false,
    grants: () => serial,
    revoke: () => ends.clear(),
    isValid: (token = '') => (ends.get(token) ?? 0) > Date.now(),
    issue() {
      serial += 1
      const token = wire.token?.(serial) ?? `fake-token-${serial}`
      ends.set(token, Date.now() + wire.life)
      return wire.grants(token, serial)
    },
  }
  return vendor
}

/** The wall clock of the test: `pass` turns it on. The library, the recipes and the vendors all go by it. */
export function steerableClock(): { pass(milliseconds: number): void } {
  const real = Date.now
  let passed = 0
  beforeEach(() => {
    passed = 0
    jest.spyOn(Date, 'now').mockImplementation(() => real() + passed)
  })
  afterEach(() => jest.restoreAllMocks())
  return { pass: (milliseconds) => (passed += milliseconds) }
}

export const failureOf = (promise: Promise<unknown>): Promise<AuthError> =>
  promise.then(
    () => Promise.reject(new Error('it did not fail')),
    (error: unknown) => error as AuthError,
  )

/** An AuthError that says what it is and shows none of these, however it is printed. */
export function expectClear(error: unknown, message: RegExp, secrets: readonly string[]): void {
  expect(error).toBeInstanceOf(AuthError)
  expect((error as AuthError).message).toMatch(message)
  const cause = inspect((error as AuthError).cause, { depth: 20 })
  const shown = `${inspect(error, { depth: 20, showHidden: true })} ${JSON.stringify(error)} ${cause}`
  const encoded = secrets.flatMap((secret) => [secret, encodeURIComponent(secret)])
  expect(encoded.filter((secret) => shown.includes(secret))).toEqual([])
}

/** Waits for what happens behind the requests. */
export async function until(isSo: () => boolean): Promise<void> {
  for (let tries = 0; !isSo(); tries += 1) {
    if (tries === 200) throw new Error('it did not happen within two seconds')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
