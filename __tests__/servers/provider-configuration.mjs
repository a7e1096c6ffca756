import { generateKeyPairSync } from 'node:crypto'
// @ts-expect-error it has no types
import { createMemoryAdapter } from 'oidc-provider/lib/adapters/memory_adapter.js'

/** The clients that the authorization server knows. Their credentials open nothing but a test. */
export const clients = {
  basic: { clientId: 'basic-client', clientSecret: 'not-a-secret-basic', method: 'client_secret_basic' },
  post: { clientId: 'post-client', clientSecret: 'not-a-secret-post', method: 'client_secret_post' },
  /** With Basic right only if both are form-encoded before base64 (RFC 6749 section 2.3.1). */
  awkward: {
    clientId: 'awkward:client 100% & +',
    clientSecret: 'not:a%2Bsecret % + & = /~*',
    method: 'client_secret_basic',
  },
  /** Has no secret: `client_id` in the body. It may refresh, and that only. */
  public: { clientId: 'public-client', clientSecret: '', method: 'none' },
  /** Introspects for the resource server, and may revoke the tokens of every client. */
  resourceServer: {
    clientId: 'resource-server',
    clientSecret: 'not-a-secret-either',
    method: 'client_secret_post',
  },
}

/**
 * What oidc-provider is told. It prints a notice for most things it is not told, so some of this only says its defaults.
 *
 * @param {{ tokenLife: number, rotation: boolean, cors: boolean }} options
 */
export function providerConfiguration({ tokenLife, rotation, cors }) {
  const day = 24 * 60 * 60
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  return {
    // Made here rather than left to the default, which is the same adapter with a warning.
    adapter: createMemoryAdapter(),
    jwks: { keys: [privateKey.export({ format: 'jwk' })] },
    cookies: { keys: ['not-a-secret-cookie-key'] },
    clientDefaults: { id_token_signed_response_alg: 'ES256', response_types: [], redirect_uris: [] },
    clients: Object.values(clients).map(({ clientId, clientSecret, method }) => ({
      client_id: clientId,
      ...(clientSecret && { client_secret: clientSecret }),
      token_endpoint_auth_method: method,
      grant_types: method === 'none' ? ['refresh_token'] : ['client_credentials', 'refresh_token'],
    })),
    scopes: ['openid', 'offline_access', 'read', 'write'],
    ttl: {
      AccessToken: tokenLife,
      ClientCredentials: tokenLife,
      IdToken: tokenLife,
      RefreshToken: day,
      Grant: day,
    },
    rotateRefreshToken: rotation,
    clientBasedCORS: () => cors,
    findAccount: (/** @type {unknown} */ _context, /** @type {string} */ accountId) => ({
      accountId,
      claims: () => ({ sub: accountId }),
    }),
    features: {
      clientCredentials: { enabled: true },
      devInteractions: { enabled: false },
      introspection: { enabled: true, allowedPolicy: isConfidential },
      revocation: { enabled: true, allowedPolicy: mayRevoke },
      resourceIndicators: { getResourceServerInfo },
    },
  }
}

/** @typedef {{ clientId: string, clientAuthMethod: string }} Client */

/** @param {unknown} _context @param {Client} client */
function isConfidential(_context, client) {
  return client.clientAuthMethod !== 'none'
}

/** @param {unknown} _context @param {Client} client @param {{ clientId: string }} token */
function mayRevoke(_context, client, token) {
  return client.clientId === token.clientId || client.clientId === clients.resourceServer.clientId
}

/** Any URL is a known resource (RFC 8707), and its tokens stay opaque: JWTs could not be revoked. */
function getResourceServerInfo() {
  return { scope: 'read write', accessTokenFormat: 'opaque' }
}
