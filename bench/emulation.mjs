import { setImmediate, setTimeout } from 'node:timers/promises'
import axios, { AxiosError } from 'axios'

export const API_URL = 'https://api.example.com'
export const TOKEN_URL = 'https://issuer.example.com/token'
const TOKEN_CALL = 10
const LIFE = 3600

/** @typedef {ReturnType<typeof issuerOf>} Issuer */

const base64url = (/** @type {object} */ part) => Buffer.from(JSON.stringify(part)).toString('base64url')

/** Tokens are JWTs for all, since axios-jwt reads when they expire. @param {number} serial @param {number} life in seconds */
const jwtOf = (serial, life) =>
  [
    base64url({ alg: 'HS256', typ: 'JWT' }),
    base64url({ sub: 'bench', jti: serial, exp: Math.floor(Date.now() / 1000) + life }),
    'c2lnbmF0dXJlLW9mLTMyLWJ5dGVzLXRoYXQtbm9ib2R5LXJlYWRz',
  ].join('.')

/** An issuer without sockets. Its token calls take 10 ms. */
export function issuerOf() {
  /** @type {Set<string>} */
  const valid = new Set()
  let serial = 0
  let calls = 0

  function grant() {
    const token = jwtOf(++serial, LIFE)
    valid.add(token)
    return token
  }
  async function answer() {
    calls += 1
    await setTimeout(TOKEN_CALL)
    return { access_token: grant(), token_type: 'Bearer', expires_in: LIFE }
  }

  return {
    instance: axios.create({
      adapter: async (config) => ({
        data: JSON.stringify(await answer()),
        status: 200,
        statusText: 'OK',
        headers: {},
        config,
      }),
    }),
    fetch: async () => Response.json(await answer()),
    /** A token that the program has from a login: no token call. */
    grant,
    expired: () => jwtOf(++serial, -LIFE),
    revokeAll: () => valid.clear(),
    accepts: (/** @type {unknown} */ authorization) =>
      typeof authorization === 'string' && valid.has(authorization.replace('Bearer ', '')),
    calls: () => calls,
  }
}

const OK = '{"status":"ok"}'
const REFUSAL = { 'www-authenticate': 'Bearer error="invalid_token"' }

/** Answers at once, whatever comes: what is left is what a request costs before and after its adapter. */
export const readyAdapter = async (/** @type {import('axios').InternalAxiosRequestConfig} */ config) => ({
  data: OK,
  status: 200,
  statusText: 'OK',
  headers: {},
  config,
})

/**
 * An API without sockets: 10,000 requests at once are no matter of the operating system.
 *
 * @param {Issuer} issuer
 * @param {number} spread the answers come within so many milliseconds; 0: all in the next turn of the event loop
 */
export function apiOf(issuer, spread = 0) {
  let requests = 0
  const travel = () => (spread === 0 ? setImmediate() : setTimeout(1 + (requests++ % spread)))

  /** @type {import('axios').AxiosAdapter} */
  const adapter = async (config) => {
    const authorization = config.headers.get('Authorization')
    await travel()
    if (issuer.accepts(authorization)) return readyAdapter(config)
    const response = { data: '', status: 401, statusText: 'Unauthorized', headers: REFUSAL, config }
    throw new AxiosError(
      'Request failed with status code 401',
      AxiosError.ERR_BAD_REQUEST,
      config,
      null,
      response,
    )
  }
  return {
    adapter,
    fetch: async (/** @type {Request} */ request) => {
      await travel()
      return issuer.accepts(request.headers.get('Authorization'))
        ? new Response(OK)
        : new Response('', { status: 401, headers: REFUSAL })
    },
  }
}
