import { createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto'
// @ts-expect-error it has no types
import ServerChallenge from 'oidc-provider/lib/helpers/challenge.js'
// @ts-expect-error it has no types
import { get as internals } from 'oidc-provider/lib/helpers/weak_cache.js'
// Not the main file of the package: on node 20 that one warns, though a missing URL.parse is all there is to it.
// @ts-expect-error it has no types
import { Provider } from 'oidc-provider/lib/provider.js'
import { assertionIssuer, issueAssertion } from './assertion-issuer.mjs'
import { clients } from './clients.mjs'
import { deviceFlow } from './device-flow.mjs'
import { observeDiscovery } from './discovery-endpoint.mjs'
import { httpClient } from './http-client.mjs'
import { listen } from './http-server.mjs'
import { answerInteractions, grantWhatWasAsked } from './interactions.mjs'
import { issuedTokens } from './issued-tokens.mjs'
import { registerJwtBearer } from './jwt-bearer.mjs'
import { providerConfiguration } from './provider-configuration.mjs'
import { observeTokenEndpoint } from './token-endpoint.mjs'
import { registerTokenExchange } from './token-exchange.mjs'
import { authorize } from './user-agent.mjs'

URL.parse ??= (url, base) => (URL.canParse(url, base) ? new URL(url, base) : null)

/** @typedef {import('./certificates.mjs').Certificate} Certificate */
/** @typedef {Awaited<ReturnType<typeof startAuthorizationServer>>} AuthorizationServer */
/**
 * @typedef {object} AuthorizationServerOptions
 * @property {number} [tokenLife] life of an access token in seconds; in truth up to one less, as the server counts whole seconds
 * @property {boolean} [rotation] whether each refresh gives a new refresh token
 * @property {boolean} [cors] whether browsers may ask from any origin
 * @property {number} [port] to come back where it was, with nothing remembered; else any that is free
 * @property {() => void} [onTokenRequest] is told of each token request when it arrives
 * @property {'openid' | 'oauth' | 'both'} [discovery] which discovery documents there are; the other one is 404
 * @property {number} [deviceInterval] `interval` of a device authorization answer in seconds; else it has none
 * @property {string} [spaUrl] where the `spa` client is to come back to, in place of its own `redirectUri`
 * @property {'none' | 'required'} [dpopNonces] whether a DPoP proof for the token endpoint needs a nonce
 * @property {{ certificate: Certificate, clientCertificate: Certificate }} [tls] https: see `startTlsAuthorizationServer`
 */

/**
 * A real authorization server: oidc-provider with its in-memory adapter.
 *
 * @param {AuthorizationServerOptions} [options]
 */
export async function startAuthorizationServer({
  tokenLife = 600,
  rotation = true,
  cors = false,
  port = 0,
  onTokenRequest,
  discovery = 'both',
  deviceInterval,
  spaUrl,
  dpopNonces = 'none',
  tls,
} = {}) {
  const plain = await listen(undefined, { port, tls: tls?.certificate })
  const mtls =
    tls &&
    (await listen(undefined, { tls: { ...tls.certificate, requestCert: true, rejectUnauthorized: false } }))
  const listeners = mtls ? [plain, mtls] : [plain]
  const { url } = plain
  const tokenUrl = `${url}/token`

  const { privateKey: signingKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const provider = new Provider(
    url,
    providerConfiguration({
      tokenLife,
      rotation,
      cors,
      signingKey,
      nonceSecret: dpopNonces === 'required' ? randomBytes(32) : undefined,
      clientCertificate: tls?.clientCertificate.cert,
      spaUrl,
      mtlsUrl: mtls?.url,
    }),
  )
  const discoveryEndpoint = observeDiscovery(provider, { discovery })
  const tokenEndpoint = observeTokenEndpoint(provider, { cors, onTokenRequest })
  const tokens = issuedTokens(provider, { publicKey: createPublicKey(signingKey) })
  const devices = deviceFlow(provider, { interval: deviceInterval })
  answerInteractions(provider)
  registerTokenExchange(provider, tokens)
  registerJwtBearer(provider, { audience: [url, tokenUrl] })

  for (const { server } of listeners) server.on('request', provider.callback())

  const send = httpClient({ ca: tls?.certificate.cert })
  /** @param {string} path @param {string} token */
  const ask = async (path, token) => {
    const { clientId: client_id, clientSecret: client_secret } = clients.resourceServer
    const answer = await send(url + path, { body: new URLSearchParams({ token, client_id, client_secret }) })
    if (answer.status !== 200) throw new Error(`${path} answered ${answer.status}: ${answer.body}`)
    return answer.body
  }

  return {
    /** The origin, which is the issuer too. */
    url,
    /** The origin of `mtls_endpoint_aliases`, where there are any. */
    mtlsUrl: mtls?.url,
    tokenUrl,
    introspectionUrl: `${url}/token/introspection`,
    revocationUrl: `${url}/token/revocation`,
    authorizationUrl: `${url}/auth`,
    deviceAuthorizationUrl: `${url}/device/auth`,
    clients,
    /** How often a discovery document was asked for, of either kind, failures included. */
    get discoveryRequests() {
      return discoveryEndpoint.requests.length
    },
    /** The paths of these requests, oldest first. */
    discoveryLog: discoveryEndpoint.requests,
    failDiscovery: discoveryEndpoint.fail,
    /** How often the token endpoint was asked: counted on arrival, failures included. */
    get tokenRequests() {
      return tokenEndpoint.count
    },
    /** The newest token request that was dealt with; its answer may still be held. */
    get lastTokenRequest() {
      return tokenEndpoint.last
    },
    /** All that were dealt with, oldest first. */
    tokenRequestLog: tokenEndpoint.log,
    /**
     * What a log-in leaves behind: a grant, and its first refresh token.
     *
     * @param {object} [options]
     * @param {keyof typeof clients} [options.client]
     * @param {string} [options.accountId]
     * @param {string} [options.scope]
     * @param {string | string[]} [options.resource] what else the grant is for (RFC 8707)
     * @param {string} [options.acr] how the user was authenticated
     * @param {string} [options.jkt] the thumbprint of the key that it is bound to, as for a public client with DPoP
     * @returns {Promise<string>}
     */
    async issueRefreshToken({
      client = 'basic',
      accountId = 'alice',
      scope = 'read write',
      resource,
      acr,
      jkt,
    } = {}) {
      const { clientId } = clients[client]
      const params = resource ? { scope, resource } : { scope }
      const grantId = await grantWhatWasAsked(provider, { accountId, clientId, params })
      const owner = { accountId, client: await provider.Client.find(clientId) }
      const given = { grantId, scope, resource, acr, jkt, gty: 'authorization_code' }
      return new provider.RefreshToken({ ...owner, ...given }).save()
    },
    /**
     * Plays the browser and the user in an authorization request: logs in, consents to all that is asked.
     *
     * @param {string | URL} requestUrl
     * @param {import('./user-agent.mjs').User} [user] deny: refuses; acr: else the first of `acr_values`
     * @returns {Promise<string>} the URL at the client's redirect_uri with the code or the error; nobody requests it
     */
    authorize: (requestUrl, user = {}) => authorize(send, String(requestUrl), user),
    /** The user enters the code and consents to all that was asked. */
    approveDevice: devices.approve,
    /** The next poll is `access_denied`. */
    denyDevice: devices.deny,
    /** The next poll is `expired_token`. */
    expireDevice: devices.expire,
    /** Answers so many polls with `slow_down`, whatever the user has done. */
    slowDown: devices.slowDown,
    /** Whose assertions the JWT bearer grant takes. */
    assertionIssuer,
    /**
     * One of them, for this server. Claims are put in place of its own; undefined takes one away.
     *
     * @param {import('jose').JWTPayload} [claims]
     */
    issueAssertion: (claims = {}) => issueAssertion({ aud: url, ...claims }),
    /** Ends every DPoP nonce handed out so far, and gives the one that is announced from now on. @returns {string} */
    rotateDpopNonce() {
      if (dpopNonces === 'none') throw new Error('dpopNonces is none')
      const nonces = new ServerChallenge(randomBytes(32), 'DPoP')
      internals(provider).DPoPNonces = nonces
      return nonces.nextChallenge()
    },
    /**
     * RFC 7662, over HTTP.
     *
     * @param {string} token
     * @returns {Promise<{ active: boolean, [member: string]: unknown }>}
     */
    introspect: async (token) => JSON.parse(await ask('/token/introspection', token)),
    /** What a valid access token has, opaque or JWT, without HTTP; undefined for any other. */
    describe: tokens.describe,
    /** The claims of a JWT access token; rejects for any other, or when its signature or time is wrong. */
    verifyJwt: tokens.verifyJwt,
    /**
     * Whether an access token is valid, without HTTP: the `isValid` of a protected API, under any load.
     *
     * @param {string | undefined} token
     */
    accepts: async (token) => (await tokens.describe(token)) !== undefined,
    /** The thumbprint of the key that a valid token is bound to. @param {string | undefined} token */
    boundTo: async (token) => (await tokens.describe(token))?.jkt,
    /** RFC 7009, over HTTP. A refresh token takes all of its grant with it. @param {string} token */
    async revoke(token) {
      await ask('/token/revocation', token)
    },
    /** Ends every opaque access token issued so far; refresh tokens live on. */
    revokeAll: tokens.revokeAll,
    /** Holds the answers of the token endpoint: the tokens are issued, but nobody has them yet. */
    pause: tokenEndpoint.answers.close,
    resume: tokenEndpoint.answers.open,
    /** Fulfilled when so many token answers (1 by default) are held. */
    held: tokenEndpoint.answers.held,
    fail: tokenEndpoint.fail,
    loseAnswer: tokenEndpoint.lose,
    async close() {
      await Promise.all(listeners.map((listener) => listener.close()))
    },
  }
}
