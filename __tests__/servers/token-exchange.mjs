// @ts-expect-error it has no types
import * as errors from 'oidc-provider/lib/helpers/errors.js'
import { tokenExchangeGrant } from './clients.mjs'
import { issueAccessToken } from './issue-access-token.mjs'

const accessTokenType = 'urn:ietf:params:oauth:token-type:access_token'
const jwtType = 'urn:ietf:params:oauth:token-type:jwt'

/**
 * The token exchange grant (RFC 8693): an access token of this server for another one, of the same subject.
 *
 * @param {any} provider
 * @param {import('./issued-tokens.mjs').IssuedTokens} tokens
 */
export function registerTokenExchange(provider, tokens) {
  /** @param {Record<string, string | undefined>} params @param {'subject_token' | 'actor_token'} name */
  const presented = async (params, name) => {
    const [token, type = ''] = [params[name], params[`${name}_type`]]
    if (!token || !type)
      throw new errors.InvalidRequest(`missing required parameter(s): ${name}, ${name}_type`)
    if (![accessTokenType, jwtType].includes(type))
      throw new errors.InvalidRequest(`unsupported ${name}_type`)
    const description = await tokens.describe(token)
    if (!description) throw new errors.InvalidRequest(`${name} is invalid`)
    return description
  }

  provider.registerGrantType(
    tokenExchangeGrant,
    async (/** @type {any} */ context) => {
      const { params } = context.oidc
      const subject = await presented(params, 'subject_token')
      if (params.actor_token || params.actor_token_type) {
        const actor = await presented(params, 'actor_token')
        context.state.extraTokenClaims = { act: { sub: actor.subject } }
      }
      const issuedTokenType = params.requested_token_type ?? accessTokenType
      if (issuedTokenType !== accessTokenType) {
        throw new errors.InvalidRequest('unsupported requested_token_type')
      }

      const { scope = subject.scope, audience } = params
      const held = subject.scope.split(' ')
      const wider = scope.split(' ').filter((/** @type {string} */ one) => !held.includes(one))
      if (wider.length > 0) {
        throw new errors.InvalidScope('subject_token lacks a requested scope', wider.join(' '))
      }
      await issueAccessToken(provider, context, {
        subject: subject.subject,
        scope,
        audience,
        issuedTokenType,
      })
    },
    [
      'subject_token',
      'subject_token_type',
      'actor_token',
      'actor_token_type',
      'requested_token_type',
      'audience',
      'resource',
      'scope',
    ],
    ['audience', 'resource'],
  )
}
