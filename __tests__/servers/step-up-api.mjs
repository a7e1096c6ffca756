import { bearerToken, startApiServer } from './api-server.mjs'

/** @typedef {Awaited<ReturnType<typeof startStepUpApi>>} StepUpApi */

/**
 * An API with paths that want more of a token than to be valid: `/transfer` the scope `write` (RFC 6750), and
 * `/payment` that the user was authenticated as in `urn:example:mfa` (RFC 9470).
 *
 * @param {object} options
 * @param {(token: string | undefined) => Promise<{ scope: string, acr?: string | undefined } | undefined>} options.describe
 *   what a token has, undefined if it is not valid
 * @param {import('./cors.mjs').Cors} [options.cors]
 */
export async function startStepUpApi({ describe, cors = false }) {
  return startApiServer({
    async judge(request) {
      const token = await describe(bearerToken(request))
      if (!token) return { status: 401, challenge: 'Bearer error="invalid_token"' }
      const { pathname } = new URL(request.url ?? '', 'http://localhost')
      if (pathname === '/transfer' && !token.scope.split(' ').includes('write')) {
        return { status: 403, challenge: 'Bearer error="insufficient_scope", scope="write"' }
      }
      if (pathname === '/payment' && token.acr !== 'urn:example:mfa') {
        const wanted = 'acr_values="urn:example:mfa", max_age="60"'
        return { status: 401, challenge: `Bearer error="insufficient_user_authentication", ${wanted}` }
      }
      return undefined
    },
    cors,
  })
}
