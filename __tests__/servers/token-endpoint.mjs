import querystring from 'node:querystring'
import { text } from 'node:stream/consumers'
import { gate } from './deferred.mjs'

/** @typedef {'client_secret_basic' | 'client_secret_post' | 'none'} ClientAuthentication */
/** @typedef {{ grantType: string, clientAuthentication: ClientAuthentication, parameters: Record<string, string> }} TokenRequest */

/**
 * Stands before the provider's token endpoint: counts the requests, fails some, holds the answers.
 *
 * @param {{ use(middleware: (context: any, next: () => Promise<void>) => Promise<void>): void }} provider
 * @param {{ cors: boolean, onTokenRequest?: (() => void) | undefined }} options
 */
export function observeTokenEndpoint(provider, { cors, onTokenRequest }) {
  const answers = gate()
  let failure = { left: 0, status: 500, headers: {}, body: /** @type {unknown} */ ('') }
  let count = 0
  /** @type {TokenRequest | undefined} */
  let last

  provider.use(async (context, next) => {
    if (context.path !== '/token' || context.method === 'OPTIONS') return next()
    count += 1
    onTokenRequest?.()
    if (failure.left > 0) {
      // Ahead of the provider, so that a refresh which fails here has not spent its refresh token.
      failure.left -= 1
      const { status, headers, body } = failure
      last = tokenRequest(context.headers, querystring.parse(await text(context.req)))
      if (cors) context.set('access-control-allow-origin', '*')
      context.set(headers)
      context.status = status
      context.body = body
    } else {
      await next()
      last = tokenRequest(context.headers, context.oidc?.body)
    }
    await answers.pass()
  })

  return {
    get count() {
      return count
    },
    get last() {
      return last
    },
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
  }
}

/**
 * @param {import('node:http').IncomingHttpHeaders} headers
 * @param {import('node:querystring').ParsedUrlQuery} [body] missing if it was no form
 * @returns {TokenRequest}
 */
function tokenRequest(headers, body) {
  const parameters = /** @type {Record<string, string>} */ ({ ...body })
  const inBody = 'client_secret' in parameters ? 'client_secret_post' : 'none'
  return {
    grantType: parameters.grant_type ?? '',
    clientAuthentication: /^basic /i.test(headers.authorization ?? '') ? 'client_secret_basic' : inBody,
    parameters,
  }
}
