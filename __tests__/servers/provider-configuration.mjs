// @ts-expect-error it has no types
import { createMemoryAdapter } from 'oidc-provider/lib/adapters/memory_adapter.js'
import { clientMetadata, clients } from './clients.mjs'

/**
 * What oidc-provider is told. It prints a notice for most things it is not told, so some of this only says its defaults.
 *
 * @param {object} options
 * @param {number} options.tokenLife
 * @param {boolean} options.rotation
 * @param {boolean} options.cors
 * @param {import('node:crypto').KeyObject} options.signingKey of P-256
 * @param {Buffer | undefined} options.nonceSecret requires DPoP nonces, made from these 32 bytes
 * @param {string | undefined} options.clientCertificate of the `tls` client, in PEM: lets it authenticate itself
 * @param {string | undefined} options.spaUrl where the `spa` client is to come back to
 * @param {string | undefined} options.mtlsUrl the origin of `mtls_endpoint_aliases`
 */
export function providerConfiguration({
  tokenLife,
  rotation,
  cors,
  signingKey,
  nonceSecret,
  clientCertificate,
  spaUrl,
  mtlsUrl,
}) {
  const day = 24 * 60 * 60
  return {
    // Made here rather than left to the default, which is the same adapter with a warning.
    adapter: createMemoryAdapter(),
    jwks: { keys: [signingKey.export({ format: 'jwk' })] },
    cookies: { keys: ['not-a-secret-cookie-key'] },
    clientDefaults: { id_token_signed_response_alg: 'ES256', response_types: [], redirect_uris: [] },
    clients: clientMetadata({ clientCertificate, spaUrl }),
    clientAuthMethods: [
      'client_secret_basic',
      'client_secret_post',
      'client_secret_jwt',
      'private_key_jwt',
      'none',
      ...(clientCertificate ? [clients.tls.method] : []),
    ],
    scopes: ['openid', 'offline_access', 'read', 'write'],
    acrValues: ['urn:example:pwd', 'urn:example:mfa'],
    ttl: {
      AccessToken: tokenLife,
      ClientCredentials: tokenLife,
      IdToken: tokenLife,
      RefreshToken: day,
      Grant: day,
      DeviceCode: 600,
      Interaction: 600,
      Session: day,
    },
    // To every client that may refresh: the provider by itself wants offline_access and prompt=consent for that.
    issueRefreshToken: (/** @type {unknown} */ _context, /** @type {Client} */ client) =>
      client.grantTypeAllowed('refresh_token'),
    expiresWithSession: () => false,
    rotateRefreshToken: rotation,
    clientBasedCORS: () => cors,
    findAccount: (/** @type {unknown} */ _context, /** @type {string} */ accountId) => ({
      accountId,
      claims: () => ({ sub: accountId }),
    }),
    extraTokenClaims,
    renderError,
    ...(mtlsUrl && { discovery: { mtls_endpoint_aliases: mtlsEndpointAliases(mtlsUrl) } }),
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      deviceFlow: { enabled: true },
      dPoP: { enabled: true, nonceSecret, requireNonce: () => nonceSecret !== undefined },
      introspection: { enabled: true, allowedPolicy: isConfidential },
      revocation: { enabled: true, allowedPolicy: mayRevoke },
      resourceIndicators: { getResourceServerInfo },
      ...(clientCertificate && {
        mTLS: {
          enabled: true,
          selfSignedTlsClientAuth: true,
          getCertificate: (/** @type {any} */ context) => context.req.socket.getPeerX509Certificate?.(),
        },
      }),
    },
  }
}

/** @typedef {{ clientId: string, clientAuthMethod: string, grantTypeAllowed(type: string): boolean }} Client */

/** @param {string} url */
function mtlsEndpointAliases(url) {
  return {
    token_endpoint: `${url}/token`,
    revocation_endpoint: `${url}/token/revocation`,
    introspection_endpoint: `${url}/token/introspection`,
    device_authorization_endpoint: `${url}/device/auth`,
  }
}

/** @param {unknown} _context @param {Client} client */
function isConfidential(_context, client) {
  return client.clientAuthMethod !== 'none'
}

/** @param {unknown} _context @param {Client} client @param {{ clientId: string }} token */
function mayRevoke(_context, client, token) {
  return client.clientId === token.clientId || client.clientId === clients.resourceServer.clientId
}

/**
 * Any URL is a known resource (RFC 8707). Its tokens are opaque unless its path begins with /jwt: JWTs cannot be revoked.
 *
 * @param {unknown} _context
 * @param {string} resource
 */
function getResourceServerInfo(_context, resource) {
  const accessTokenFormat = new URL(resource).pathname.startsWith('/jwt') ? 'jwt' : 'opaque'
  return { scope: 'read write', accessTokenFormat }
}

/**
 * How the user was authenticated. Client credentials have no user: there it is whatever `acr_values` asks for, so that
 * a step-up (RFC 9470) can be had without a browser.
 *
 * @param {any} context
 */
function extraTokenClaims({ oidc, state }) {
  const { AuthorizationCode, DeviceCode, RefreshToken } = oidc.entities
  const asked = oidc.params.grant_type === 'client_credentials' && oidc.body.acr_values?.split(' ')[0]
  const acr = (AuthorizationCode ?? DeviceCode ?? RefreshToken)?.acr ?? (asked || undefined)
  return { ...state.extraTokenClaims, ...(acr && { acr }) }
}

/**
 * For whoever prefers HTML, and always for an authorization request that must not be redirected.
 *
 * @param {any} context
 * @param {{ error: string, error_description?: string }} out
 */
function renderError(context, { error, error_description = '' }) {
  context.type = 'html'
  context.body = `<!DOCTYPE html><title>${error}</title><p>${error_description}</p>`
}
