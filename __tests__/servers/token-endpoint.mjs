import querystring from 'node:querystring'
import { text } from 'node:stream/consumers'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { gate } from './deferred.mjs'

/** @typedef {{ header: import('jose').ProtectedHeaderParameters, payload: import('jose').JWTPayload }} DecodedJwt */
/** @typedef {'client_secret_basic' | 'client_secret_post' | 'client_secret_jwt' | 'private_key_jwt' | 'tls' | 'none'} ClientAuthentication */
/**
 * @typedef {object} TokenRequest
 * @property {string} grantType
 * @property {ClientAuthentication} clientAuthentication
 * @property {Record<string, string>} parameters as they were sent; an array where one was sent more than once
 * @property {DecodedJwt} [clientAssertion] absent without one
 * @property {DecodedJwt} [dpopProof] absent without one
 */
/** @typedef {TokenRequest & { status: number }} LoggedTokenRequest with the status of its answer, lost or not */

/**
 * Stands before the provider's token endpoint: counts the requests, fails some, holds the answers, loses some.
 *
 * @param {{ use(middleware: (context: any, next: () => Promise<void>) => Promise<void>): void }} provider
 * @param {{ cors: boolean, onTokenRequest?: (() => void) | undefined }} options
 */
export function observeTokenEndpoint(provider, { cors, onTokenRequest }) {
  const answers = gate()
  let failure = { left: 0, status: 500, headers: {}, body: /** @type {unknown} */ ('') }
  let losses = 0
  let count = 0
  /** @type {TokenRequest | undefined} */
  let last
  /** @type {LoggedTokenRequest[]} */
  const log = []

  provider.use(async (context, next) => {
    if (context.path !== '/token' || context.method === 'OPTIONS') return next()
    count += 1
    onTokenRequest?.()
    const isLost = losses > 0
    if (isLost) losses -= 1
    if (failure.left > 0) {
      // Ahead of the provider, so that a refresh which fails here has not spent its refresh token.
      failure.left -= 1
      const { status, headers, body } = failure
      last = tokenRequest(context.req, querystring.parse(await text(context.req)))
      if (cors) context.set('access-control-allow-origin', '*')
      context.set(headers)
      context.status = status
      context.body = body
    } else {
      await next()
      last = tokenRequest(context.req, context.oidc?.body)
    }
    log.push({ ...last, status: context.status })
    await answers.pass()
    if (isLost) {
      context.respond = false
      context.req.socket.destroy()
    }
  })

  return {
    get count() {
      return count
    },
    get last() {
      return last
    },
    log,
    answers,
    /**
     * Answers the next `times` token requests with `status`; 0 times ends it. A body that is an object goes out as JSON.
     *
     * @param {number} times
     * @param {number} [status]
     * @param {{ headers?: Record<string, string>, body?: unknown }} [answer]
     */
    fail(times, status = 500, { headers = {}, body = '' } = {}) {
      failure = { left: times, status, headers, body }
    },
    /**
     * Deals with the next `times` token requests, but ends the connection in place of the answer; 0 times ends it.
     *
     * @param {number} times
     */
    lose(times) {
      losses = times
    },
  }
}

/**
 * @param {import('node:http').IncomingMessage} request
 * @param {import('node:querystring').ParsedUrlQuery} [body] missing if it was no form
 * @returns {TokenRequest}
 */
function tokenRequest({ headers, socket }, body) {
  const parameters = /** @type {Record<string, string>} */ ({ ...body })
  const clientAssertion = decoded(parameters.client_assertion)
  const dpopProof = decoded(headers.dpop)
  const certificate = /** @type {Partial<import('node:tls').TLSSocket>} */ (socket).getPeerX509Certificate?.()
  return {
    grantType: parameters.grant_type ?? '',
    clientAuthentication: clientAuthentication(headers, parameters, clientAssertion, Boolean(certificate)),
    parameters,
    ...(clientAssertion && { clientAssertion }),
    ...(dpopProof && { dpopProof }),
  }
}

/**
 * @param {import('node:http').IncomingHttpHeaders} headers
 * @param {Record<string, string>} parameters
 * @param {DecodedJwt | undefined} clientAssertion
 * @param {boolean} hasCertificate
 * @returns {ClientAuthentication}
 */
function clientAuthentication(headers, parameters, clientAssertion, hasCertificate) {
  if (/^basic /i.test(headers.authorization ?? '')) return 'client_secret_basic'
  if ('client_secret' in parameters) return 'client_secret_post'
  if (clientAssertion) {
    return clientAssertion.header.alg?.startsWith('HS') ? 'client_secret_jwt' : 'private_key_jwt'
  }
  return hasCertificate ? 'tls' : 'none'
}

/**
 * @param {unknown} jwt
 * @returns {DecodedJwt | undefined} undefined if it is none
 */
function decoded(jwt) {
  if (typeof jwt !== 'string') return undefined
  try {
    return { header: decodeProtectedHeader(jwt), payload: decodeJwt(jwt) }
  } catch {
    return undefined
  }
}
