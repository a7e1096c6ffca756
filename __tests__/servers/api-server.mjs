import { gate } from './deferred.mjs'
import { startServer } from './http-server.mjs'

/** @typedef {import('node:http').IncomingMessage} IncomingMessage */
/** @typedef {import('node:http').ServerResponse} ServerResponse */
/** @typedef {(request: IncomingMessage, response: ServerResponse, body: Buffer) => boolean | Promise<boolean>} Respond */
/** @typedef {{ status: number, challenge?: string | readonly string[] | null }} Refusal with its `WWW-Authenticate` */
/** @typedef {Awaited<ReturnType<typeof startApiServer>>} ApiServer */

/**
 * What every protected API here has in common: 200 with `{ ok, method, url, contentType, body }`, or a refusal.
 *
 * @param {object} options
 * @param {(request: IncomingMessage, response: ServerResponse) => Refusal | undefined | Promise<Refusal | undefined>} options.judge
 *   asked for every request; it may set headers of the answer
 * @param {import('./cors.mjs').Cors} [options.cors]
 */
export async function startApiServer({ judge, cors = false }) {
  const answers = gate()
  /** @type {Respond | undefined} */
  let override

  const server = await startServer(
    async (request, response, body) => {
      if (await override?.(request, response, body)) return
      const refusal = await judge(request, response)
      // Judged before it is held: a held 401 is about the token as it was when the request came in.
      await answers.pass()
      if (refusal) {
        const { status, challenge = null } = refusal
        if (challenge !== null) response.setHeader('www-authenticate', challenge)
        sendJson(response, status, { ok: false })
      } else {
        sendJson(response, 200, {
          ok: true,
          method: request.method,
          url: request.url,
          contentType: request.headers['content-type'] ?? null,
          body: body.toString(),
        })
      }
    },
    { cors },
  )

  return {
    url: server.url,
    /** Every request received, oldest first, refused ones included. */
    requests: server.requests,
    preflights: server.preflights,
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
export function bearerToken({ headers }) {
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
