import { jwtVerify } from 'jose'
// @ts-expect-error it has no types
import * as errors from 'oidc-provider/lib/helpers/errors.js'
import { assertionIssuer } from './assertion-issuer.mjs'
import { jwtBearerGrant } from './clients.mjs'
import { issueAccessToken } from './issue-access-token.mjs'

/**
 * The JWT bearer grant (RFC 7523): an assertion of the one issuer that is trusted, for an access token of its subject.
 *
 * @param {any} provider
 * @param {{ audience: string[] }} options what an assertion may name as its audience
 */
export function registerJwtBearer(provider, { audience }) {
  /** @param {string} assertion */
  const verify = async (assertion) => {
    const { issuer, alg, publicKey } = assertionIssuer
    try {
      const checks = { issuer, audience, algorithms: [alg], requiredClaims: ['sub', 'exp'] }
      return (await jwtVerify(assertion, publicKey, checks)).payload
    } catch (cause) {
      throw new errors.InvalidGrant({ cause })
    }
  }

  provider.registerGrantType(
    jwtBearerGrant,
    async (/** @type {any} */ context) => {
      const { assertion, scope = '' } = context.oidc.params
      if (!assertion) throw new errors.InvalidRequest('missing required parameter(s): assertion')
      const { iss, sub = '', jti, exp } = await verify(assertion)
      if (jti && !(await provider.ReplayDetection.unique(iss, jti, exp))) {
        throw new errors.InvalidGrant('the assertion was used before')
      }
      await issueAccessToken(provider, context, { subject: sub, scope })
    },
    ['assertion', 'scope', 'resource'],
    ['resource'],
  )
}
