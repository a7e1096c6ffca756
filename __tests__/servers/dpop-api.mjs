import { createHash, randomUUID } from 'node:crypto'
import { calculateJwkThumbprint, decodeJwt, decodeProtectedHeader, EmbeddedJWK, jwtVerify } from 'jose'
import { startApiServer } from './api-server.mjs'

/** @typedef {import('node:http').IncomingMessage} IncomingMessage */
/** @typedef {{ header: import('jose').ProtectedHeaderParameters, payload: import('jose').JWTPayload }} DpopProof */
/** @typedef {Awaited<ReturnType<typeof startDpopApi>>} DpopApi */

const algorithms = ['ES256', 'Ed25519', 'EdDSA', 'RS256', 'PS256']
const proofLife = 300 // seconds, either way

/**
 * An API that wants an access token bound to a key, and a proof of that key with every request (RFC 9449).
 *
 * @param {object} options
 * @param {(token: string) => string | undefined | Promise<string | undefined>} options.boundTo
 *   the thumbprint (jkt) of the key that a valid token is bound to; undefined for every other token
 * @param {'none' | 'required'} [options.nonces]
 * @param {boolean} [options.announce] whether the answer to a good request names the nonce in force, as a refusal for its nonce does
 * @param {string} [options.challengeAlso] a second challenge, ahead of the DPoP one in the same line
 * @param {() => number} [options.now] in milliseconds
 * @param {import('./cors.mjs').Cors} [options.cors]
 */
export async function startDpopApi({
  boundTo,
  nonces = 'none',
  announce = true,
  challengeAlso,
  now = Date.now,
  cors = false,
}) {
  /** @type {DpopProof[]} */
  const proofs = []
  /** @type {Set<unknown>} */
  const spent = new Set()
  let nonce = randomUUID()
  let accepted = [nonce]

  /** @param {string} [error] @param {string} [description] */
  const refuse = (error, description) => {
    const parameters = [
      ...(error ? [`error="${error}", error_description="${description}"`] : []),
      `algs="${algorithms.join(' ')}"`,
    ]
    const challenge = `DPoP ${parameters.join(', ')}`
    return { status: 401, challenge: challengeAlso ? `${challengeAlso}, ${challenge}` : challenge }
  }

  const server = await startApiServer({
    async judge(request, response) {
      const { headers, method } = request
      const { token, dpop } = credentials(request)
      const jwt = headers.dpop
      if (typeof jwt === 'string') record(jwt)
      if (!token) return refuse()
      if (!dpop) return refuse('invalid_token', 'the token was not sent with the DPoP scheme')

      const { pathname } = new URL(request.url ?? '', server.url)
      /** @type {Awaited<ReturnType<typeof verify>>} */
      let proof
      try {
        proof = await verify(jwt, { htm: method, htu: server.url + pathname, ath: digest(token) })
      } catch (error) {
        return refuse('invalid_dpop_proof', quotable(error))
      }
      if (nonces === 'required' && !accepted.includes(String(proof.payload.nonce))) {
        response.setHeader('dpop-nonce', nonce)
        return refuse('use_dpop_nonce', 'the proof must have the nonce in force')
      }
      const jkt = await boundTo(token)
      if (!jkt) return refuse('invalid_token', 'the token is not valid, or not bound to a key')
      if (jkt !== proof.jkt) return refuse('invalid_token', 'the token is bound to another key')
      if (nonces === 'required' && announce) response.setHeader('dpop-nonce', nonce)
      return undefined
    },
    cors,
  })

  /** @param {string} jwt */
  function record(jwt) {
    try {
      proofs.push({ header: decodeProtectedHeader(jwt), payload: decodeJwt(jwt) })
    } catch {
      // Not a JWT: it is refused below, and `requests` has it as it came.
    }
  }

  /** @param {string | string[] | undefined} jwt @param {Record<string, string | undefined>} expected */
  async function verify(jwt, expected) {
    if (typeof jwt !== 'string') throw new Error('there is no single proof')
    // jose would compare `iat` with a clock of its own, so that it is compared here.
    const { protectedHeader, payload } = await jwtVerify(jwt, EmbeddedJWK, { algorithms, typ: 'dpop+jwt' })
    for (const [claim, value] of Object.entries(expected)) {
      if (payload[claim] !== value) throw new Error(`${claim} does not match`)
    }
    const { iat, jti } = payload
    if (typeof iat !== 'number' || Math.abs(now() / 1000 - iat) > proofLife)
      throw new Error('iat is not recent')
    if (!jti || spent.has(jti)) throw new Error('jti is missing, or was used before')
    spent.add(jti)
    const { jwk = {} } = protectedHeader
    return { payload, jkt: await calculateJwkThumbprint(/** @type {import('jose').JWK} */ (jwk)) }
  }

  return Object.assign(server, {
    /** Every proof received that could be decoded, oldest first, refused ones included. */
    proofs,
    /** The nonce in force, whether required or not. */
    nonce: () => nonce,
    /**
     * Puts another nonce into force, and gives it back.
     *
     * @param {{ keepOld?: boolean }} [options] keepOld: the one before goes on being accepted, so that a client learns
     *   of the new one from an answer to a good request
     */
    rotateNonce({ keepOld = false } = {}) {
      const old = nonce
      nonce = randomUUID()
      accepted = keepOld ? [nonce, old] : [nonce]
      return nonce
    },
  })
}

/** @param {IncomingMessage} request */
function credentials({ headers }) {
  const [, scheme = '', token] = /^(\S+) +(\S+)$/.exec(headers.authorization ?? '') ?? []
  return { token, dpop: scheme.toLowerCase() === 'dpop' }
}

/** @param {string} token */
function digest(token) {
  return createHash('sha256').update(token).digest('base64url')
}

/** @param {unknown} error */
function quotable(error) {
  return String(error instanceof Error ? error.message : error).replace(/["\\]/g, "'")
}
