// @ts-expect-error it has no types
import { InvalidTarget } from 'oidc-provider/lib/helpers/errors.js'
// @ts-expect-error it has no types
import * as grant from 'oidc-provider/lib/helpers/grants.js'

/**
 * Answers a token request of a grant type that is ours as the provider answers those of its own: with the resource
 * that was asked for (RFC 8707), and bound to the key of the DPoP proof, if there is one.
 *
 * @param {any} provider
 * @param {any} context
 * @param {object} token
 * @param {string} token.subject
 * @param {string} token.scope what it may have at most, empty for nothing
 * @param {string} [token.audience] where no resource was asked for
 * @param {string} [token.issuedTokenType]
 */
export async function issueAccessToken(provider, context, { subject, scope, audience, issuedTokenType }) {
  const { client, params } = context.oidc
  const dpopProof = await grant.validateDpop(provider, context)
  grant.checkDpopRequired(provider, context, dpopProof)
  const [resource, ...others] = await grant.resolveRequestedResources(provider, context)
  if (others.length > 0) throw new InvalidTarget('only a single resource is supported for this grant type')

  const known = resource?.scope.split(' ')
  const granted = scope.split(' ').filter((one) => one && (!known || known.includes(one)))
  const token = new provider.AccessToken({
    client,
    accountId: subject,
    gty: params.grant_type,
    scope: granted.join(' ') || undefined,
  })
  if (resource) token.resourceServer = resource
  else if (audience) token.setAudience(audience)
  if (dpopProof) {
    await grant.checkDpopReplay(provider, context, dpopProof, client.clientId)
    token.setThumbprint('jkt', dpopProof.thumbprint)
  }

  context.oidc.entity('AccessToken', token)
  context.body = grant.buildTokenResponse(provider, {
    accessToken: await token.save(),
    issuedTokenType,
    tokenType: token.tokenType,
    expiresIn: token.expiration,
    scope: token.scope,
  })
}
