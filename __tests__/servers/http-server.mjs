import { createServer } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import { buffer } from 'node:stream/consumers'
import { corsOf } from './cors.mjs'

/** @typedef {import('node:http').IncomingMessage} IncomingMessage */
/** @typedef {import('node:http').ServerResponse} ServerResponse */
/** @typedef {{ method: string, url: string, headers: import('node:http').IncomingHttpHeaders, body: Buffer }} RecordedRequest */
/** @typedef {(request: IncomingMessage, response: ServerResponse, body: Buffer) => unknown} Handler */

/**
 * A bare server that records what it was sent: an issuer written by hand, a foreign origin, a redirect.
 *
 * @param {Handler} handler may be async; if it throws, the answer is 500 with the message as text
 * @param {{ cors?: import('./cors.mjs').Cors, tls?: import('node:https').ServerOptions | undefined }} [options] tls: makes
 *   it https
 */
export async function startServer(handler, { cors = false, tls } = {}) {
  const { preflights, answersPreflight } = corsOf(cors)
  /** @type {RecordedRequest[]} */
  const requests = []

  /** @param {IncomingMessage} request @param {ServerResponse} response */
  const listener = async (request, response) => {
    if (answersPreflight(request, response)) return
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
  }
  const { url, close } = await listen(listener, { tls })

  return {
    /** The origin, such as `http://127.0.0.1:40123`. */
    url,
    /** Every request whose body has arrived, oldest first; preflights are left out where `cors` answers them. */
    requests,
    /** The headers of every preflight that `cors` has answered, oldest first. */
    preflights,
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
  // Node ends a connection that is idle for 5 s. On a busy machine that can meet the next request on it.
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
