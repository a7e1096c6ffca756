import { bearerToken, startApiServer } from './api-server.mjs'

export { startServer } from './http-server.mjs'

/** @typedef {import('node:http').IncomingMessage} IncomingMessage */
/** @typedef {import('./api-server.mjs').Respond} Respond */
/** @typedef {Awaited<ReturnType<typeof startProtectedApi>>} ProtectedApi */

/**
 * An API that wants a bearer token: 401 without a valid one, else 200 with `{ ok, method, url, contentType, body }`.
 *
 * @param {object} options
 * @param {(token: string | undefined, request: IncomingMessage) => boolean | Promise<boolean>} options.isValid
 *   asked for every request, also without a bearer token (so that it may look at other headers or the query)
 * @param {string | readonly string[] | null} [options.challenge] `WWW-Authenticate` of a 401: one line, several, or none (null)
 * @param {import('./cors.mjs').Cors} [options.cors]
 */
export async function startProtectedApi({
  isValid,
  challenge = 'Bearer error="invalid_token"',
  cors = false,
}) {
  return startApiServer({
    judge: async (request) =>
      (await isValid(bearerToken(request), request)) ? undefined : { status: 401, challenge },
    cors,
  })
}
