import { jwtVerify } from 'jose'

/** @typedef {ReturnType<typeof issuedTokens>} IssuedTokens */
/**
 * @typedef {object} TokenDescription
 * @property {string} clientId
 * @property {string} subject the account, or the client where there is none
 * @property {string} scope empty where none was granted
 * @property {string | undefined} acr
 * @property {string | string[] | undefined} audience
 * @property {string | undefined} jkt the thumbprint of the key that it is bound to
 * @property {string | undefined} actor who acts for the subject, after a token exchange
 */

/**
 * What the authorization server knows of the access tokens it issued, opaque ones and JWTs, without HTTP.
 *
 * @param {any} provider
 * @param {{ publicKey: import('node:crypto').KeyObject }} options the key that verifies its JWTs
 */
export function issuedTokens(provider, { publicKey }) {
  /** @type {Set<{ destroy(): Promise<void> }>} */
  const saved = new Set()
  for (const event of ['access_token.saved', 'client_credentials.saved']) {
    provider.on(event, (/** @type {{ destroy(): Promise<void> }} */ token) => saved.add(token))
  }

  /** @param {string} token */
  async function verifyJwt(token) {
    const checks = { issuer: provider.issuer, typ: 'at+jwt', algorithms: ['ES256'] }
    return (await jwtVerify(token, publicKey, checks)).payload
  }

  /**
   * @param {string | undefined} token
   * @returns {Promise<TokenDescription | undefined>} undefined if it is not valid
   */
  async function describe(token) {
    if (token?.includes('.')) return verifyJwt(token).then(describeClaims, () => undefined)
    const found = (await provider.ClientCredentials.find(token)) ?? (await provider.AccessToken.find(token))
    if (!found?.isValid) return undefined
    const { clientId, accountId, scope = '', aud, jkt, extra } = found
    return {
      clientId,
      subject: accountId ?? clientId,
      scope,
      acr: extra?.acr,
      audience: aud,
      jkt,
      actor: extra?.act?.sub,
    }
  }

  return {
    describe,
    verifyJwt,
    /** Ends every opaque access token issued so far. */
    async revokeAll() {
      const tokens = [...saved]
      saved.clear()
      await Promise.all(tokens.map((token) => token.destroy()))
    },
  }
}

/** @param {any} claims @returns {TokenDescription} */
function describeClaims({ client_id: clientId, sub, scope = '', acr, aud, cnf, act }) {
  return { clientId, subject: sub, scope, acr, audience: aud, jkt: cnf?.jkt, actor: act?.sub }
}
