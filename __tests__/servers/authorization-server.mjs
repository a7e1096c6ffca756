// Not the main file of the package: on node 20 that one warns, though a missing URL.parse is all there is to it.
// @ts-expect-error it has no types
import { Provider } from 'oidc-provider/lib/provider.js'
import { listen } from './http-server.mjs'
import { clients, providerConfiguration } from './provider-configuration.mjs'
import { observeTokenEndpoint } from './token-endpoint.mjs'

URL.parse ??= (url, base) => (URL.canParse(url, base) ? new URL(url, base) : null)

/** @typedef {Awaited<ReturnType<typeof startAuthorizationServer>>} AuthorizationServer */

/**
 * A real authorization server: oidc-provider with its in-memory adapter.
 *
 * @param {object} [options]
 * @param {number} [options.tokenLife] life of an access token in seconds; in truth up to one less, as the server counts whole seconds
 * @param {boolean} [options.rotation] whether each refresh gives a new refresh token
 * @param {boolean} [options.cors] whether browsers may ask from any origin
 * @param {number} [options.port] to come back where it was, with nothing remembered; else any that is free
 * @param {() => void} [options.onTokenRequest] is told of each token request when it arrives
 */
export async function startAuthorizationServer({
  tokenLife = 600,
  rotation = true,
  cors = false,
  port = 0,
  onTokenRequest,
} = {}) {
  const { server, url, close } = await listen(undefined, { port })
  const provider = new Provider(url, providerConfiguration({ tokenLife, rotation, cors }))
  const tokenEndpoint = observeTokenEndpoint(provider, { cors, onTokenRequest })

  /** @type {Set<{ destroy(): Promise<void> }>} */
  const issued = new Set()
  for (const event of ['access_token.saved', 'client_credentials.saved']) {
    provider.on(event, (/** @type {{ destroy(): Promise<void> }} */ token) => issued.add(token))
  }

  server.on('request', provider.callback())

  /** @param {string} path @param {string} token */
  const ask = async (path, token) => {
    const { clientId: client_id, clientSecret: client_secret } = clients.resourceServer
    const response = await fetch(url + path, {
      method: 'POST',
      body: new URLSearchParams({ token, client_id, client_secret }),
    })
    if (!response.ok) throw new Error(`${path} answered ${response.status}: ${await response.text()}`)
    return response.text()
  }

  return {
    /** The origin, which is the issuer too. */
    url,
    tokenUrl: `${url}/token`,
    introspectionUrl: `${url}/token/introspection`,
    revocationUrl: `${url}/token/revocation`,
    clients,
    /** How often the token endpoint was asked: counted on arrival, failures included. */
    get tokenRequests() {
      return tokenEndpoint.count
    },
    /** The newest token request that was dealt with; its answer may still be held. */
    get lastTokenRequest() {
      return tokenEndpoint.last
    },
    /**
     * What a log-in leaves behind: a grant, and its first refresh token.
     *
     * @param {{ client?: keyof typeof clients, accountId?: string, scope?: string }} [options]
     * @returns {Promise<string>}
     */
    async issueRefreshToken({ client = 'basic', accountId = 'alice', scope = 'read write' } = {}) {
      const { clientId } = clients[client]
      const grant = new provider.Grant({ accountId, clientId })
      grant.addOIDCScope(scope)
      const grantId = await grant.save()
      const owner = { accountId, client: await provider.Client.find(clientId) }
      return new provider.RefreshToken({ ...owner, grantId, scope, gty: 'authorization_code' }).save()
    },
    /**
     * RFC 7662, over HTTP.
     *
     * @param {string} token
     * @returns {Promise<{ active: boolean, [member: string]: unknown }>}
     */
    introspect: async (token) => JSON.parse(await ask('/token/introspection', token)),
    /**
     * The same question without HTTP: the `isValid` of a protected API, under any load.
     *
     * @param {string | undefined} token
     * @returns {Promise<boolean>}
     */
    async accepts(token) {
      const found = (await provider.ClientCredentials.find(token)) ?? (await provider.AccessToken.find(token))
      return found?.isValid ?? false
    },
    /** RFC 7009, over HTTP. A refresh token takes all of its grant with it. @param {string} token */
    async revoke(token) {
      await ask('/token/revocation', token)
    },
    /** Ends every access token issued so far; refresh tokens live on. */
    async revokeAll() {
      const tokens = [...issued]
      issued.clear()
      await Promise.all(tokens.map((token) => token.destroy()))
    },
    /** Holds the answers of the token endpoint: the tokens are issued, but nobody has them yet. */
    pause: tokenEndpoint.answers.close,
    resume: tokenEndpoint.answers.open,
    /** Fulfilled when so many token answers (1 by default) are held. */
    held: tokenEndpoint.answers.held,
    fail: tokenEndpoint.fail,
    close,
  }
}
