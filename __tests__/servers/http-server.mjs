import { createServer } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { buffer } from 'node:stream/consumers'

/** @typedef {import('node:http').IncomingMessage} IncomingMessage */
/** @typedef {import('node:http').ServerResponse} ServerResponse */
/** @typedef {{ method: string, url: string, headers: import('node:http').IncomingHttpHeaders, body: Buffer }} RecordedRequest */
/** @typedef {(request: IncomingMessage, response: ServerResponse, body: Buffer) => unknown} Handler */

/**
 * A bare server that records what it was sent: an issuer written by hand, a foreign origin, a redirect.
 *
 * @param {Handler} handler may be async; if it throws, the answer is 500 with the message as text
 * @param {{ cors?: boolean }} [options] cors: answer preflights and allow any origin, with credentials
 */
export async function startServer(handler, { cors = false } = {}) {
  /** @type {RecordedRequest[]} */
  const requests = []

  const { url, close } = await listen(async (request, response) => {
    if (cors && allowAnyOrigin(request, response)) return
    const body = await buffer(request).catch(() => undefined)
    if (!body) return // the client went away while it was sending
    const { method = '', url = '', headers } = request
    requests.push({ method, url, headers, body })
    try {
      await handler(request, response, body)
    } catch (error) {
      if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain' })
      response.end(String(error))
    }
  })

  return {
    /** The origin, such as `http://127.0.0.1:40123`. */
    url,
    /** Every request whose body has arrived, oldest first; preflights are left out where `cors` answers them. */
    requests,
    close,
  }
}

/**
 * Listens on a port of 127.0.0.1: an ephemeral one, unless a server is to come back where it was.
 *
 * @param {(request: IncomingMessage, response: ServerResponse) => unknown} [listener]
 * @param {{ port?: number, tls?: import('node:https').ServerOptions | undefined }} [options] tls: makes it https
 */
export async function listen(listener, { port: wanted = 0, tls } = {}) {
  const server = tls ? createTlsServer(tls, listener) : createServer(listener)
  // Idle connections are for the client to close: where the server does it, on a busy machine, a request may be on its way.
  server.keepAliveTimeout = 0
  // A longer queue than node's 511: thousands of connections at once would otherwise wait for TCP to try again.
  await /** @type {Promise<void>} */ (
    new Promise((resolve, reject) => {
      server.once('error', reject)
      server.listen({ host: '127.0.0.1', port: wanted, backlog: 4096 }, resolve)
    })
  )
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())

  return {
    server,
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    /** Ends every connection, those in the middle of an answer too. May be called twice. */
    close: () =>
      /** @type {Promise<void>} */ (
        new Promise((resolve) => {
          server.close(() => resolve())
          server.closeAllConnections()
        })
      ),
  }
}

/**
 * @param {IncomingMessage} request
 * @param {ServerResponse} response
 * @returns {boolean} whether it was a preflight, which is answered then
 */
function allowAnyOrigin({ method, headers }, response) {
  // Not `*`, which browsers refuse for a request with cookies.
  response.setHeader('access-control-allow-origin', headers.origin ?? '*')
  response.setHeader('access-control-allow-credentials', 'true')
  response.setHeader('access-control-expose-headers', 'WWW-Authenticate, Retry-After')
  if (method !== 'OPTIONS' || !headers['access-control-request-method']) return false
  response.setHeader('access-control-allow-methods', headers['access-control-request-method'])
  response.setHeader('access-control-allow-headers', headers['access-control-request-headers'] ?? '')
  response.writeHead(204).end()
  return true
}
