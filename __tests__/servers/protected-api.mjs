import { gate } from './deferred.mjs'
import { startServer } from './http-server.mjs'

export { startServer } from './http-server.mjs'

/** @typedef {import('node:http').IncomingMessage} IncomingMessage */
/** @typedef {import('node:http').ServerResponse} ServerResponse */
/** @typedef {(request: IncomingMessage, response: ServerResponse, body: Buffer) => boolean | Promise<boolean>} Respond */
/** @typedef {Awaited<ReturnType<typeof startProtectedApi>>} ProtectedApi */

/**
 * An API that wants a bearer token: 401 without a valid one, else 200 with `{ ok, method, url, contentType, body }`.
 *
 * @param {object} options
 * @param {(token: string | undefined, request: IncomingMessage) => boolean | Promise<boolean>} options.isValid
 *   asked for every request, also without a bearer token (so that it may look at other headers or the query)
 * @param {string | readonly string[] | null} [options.challenge] `WWW-Authenticate` of a 401: one line, several, or none (null)
 * @param {boolean} [options.cors]
 */
export async function startProtectedApi({
  isValid,
  challenge = 'Bearer error="invalid_token"',
  cors = false,
}) {
  const answers = gate()
  /** @type {Respond | undefined} */
  let override

  const server = await startServer(
    async (request, response, body) => {
      if (await override?.(request, response, body)) return
      const valid = await isValid(bearerToken(request), request)
      // Judged before it is held: a held 401 is about the token as it was when the request came in.
      await answers.pass()
      if (valid) {
        sendJson(response, 200, {
          ok: true,
          method: request.method,
          url: request.url,
          contentType: request.headers['content-type'] ?? null,
          body: body.toString(),
        })
      } else {
        if (challenge !== null) response.setHeader('www-authenticate', challenge)
        sendJson(response, 401, { ok: false })
      }
    },
    { cors },
  )

  return {
    url: server.url,
    /** Every request received, oldest first, refused ones included. */
    requests: server.requests,
    /**
     * Another answer for some requests: true means that this handler has answered, false leaves it to the API.
     * `undefined` ends it.
     *
     * @param {Respond | undefined} handler
     */
    respond(handler) {
      override = handler
    },
    /** Holds every answer that is due from now on. */
    pause: answers.close,
    resume: answers.open,
    /** Fulfilled when so many answers (1 by default) are held. */
    held: answers.held,
    close: server.close,
  }
}

/** @param {IncomingMessage} request */
function bearerToken({ headers }) {
  return /^bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1]
}

/**
 * @param {ServerResponse} response
 * @param {number} status
 * @param {unknown} value
 */
function sendJson(response, status, value) {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(value))
}
