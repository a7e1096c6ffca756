/** @typedef {import('node:http').IncomingMessage} IncomingMessage */
/** @typedef {import('node:http').ServerResponse} ServerResponse */
/**
 * @typedef {object} CorsPolicy
 * @property {string} origin the only one that may ask
 * @property {readonly string[]} [allowHeaders] what a request may carry
 * @property {readonly string[]} [exposeHeaders] what a script may read of an answer
 * @property {boolean} [credentials] whether requests may carry cookies
 */
/** @typedef {boolean | CorsPolicy} Cors true: any origin, any header, with cookies */

const EXPOSED = ['WWW-Authenticate', 'Retry-After']

/**
 * Sets the CORS headers of one server, and answers its preflights.
 *
 * @param {Cors} cors
 */
export function corsOf(cors) {
  /** @type {import('node:http').IncomingHttpHeaders[]} */
  const preflights = []

  return {
    preflights,
    /**
     * @param {IncomingMessage} request
     * @param {ServerResponse} response
     */
    answersPreflight({ method, headers }, response) {
      if (!cors) return false
      const policy = cors === true ? anyOrigin(headers) : cors
      const { origin, allowHeaders = [], exposeHeaders = [], credentials = false } = policy
      response.setHeader('access-control-allow-origin', origin)
      if (exposeHeaders.length > 0)
        response.setHeader('access-control-expose-headers', exposeHeaders.join(', '))
      if (credentials) response.setHeader('access-control-allow-credentials', 'true')
      if (method !== 'OPTIONS' || !headers['access-control-request-method']) return false
      preflights.push(headers)
      response.setHeader('access-control-allow-methods', headers['access-control-request-method'])
      response.setHeader('access-control-allow-headers', allowHeaders.join(', '))
      response.writeHead(204).end()
      return true
    },
  }
}

/**
 * @param {import('node:http').IncomingHttpHeaders} headers
 * @returns {CorsPolicy}
 */
function anyOrigin(headers) {
  return {
    // Not `*`, which browsers refuse for a request with cookies.
    origin: headers.origin ?? '*',
    allowHeaders: [headers['access-control-request-headers'] ?? ''],
    exposeHeaders: EXPOSED,
    credentials: true,
  }
}
