import { createPublicKey, generateKeyPairSync } from 'node:crypto'

/**
 * @typedef {object} TestClient
 * @property {string} clientId
 * @property {string} clientSecret empty where there is none
 * @property {string} method its client authentication, as in `token_endpoint_auth_method`
 * @property {string[]} [grants] what it may ask for; else `refresh_token`, and `client_credentials` unless it is public
 * @property {string} [redirectUri] of the clients that may use the authorization code grant; nothing listens there
 * @property {boolean} [dpop] whether all its access tokens must be bound to a key (RFC 9449)
 * @property {import('node:crypto').JsonWebKey} [privateJwk] signs its client assertions
 * @property {string} [privatePem] the same key as PKCS #8
 */

export const deviceCodeGrant = 'urn:ietf:params:oauth:grant-type:device_code'
export const tokenExchangeGrant = 'urn:ietf:params:oauth:grant-type:token-exchange'
export const jwtBearerGrant = 'urn:ietf:params:oauth:grant-type:jwt-bearer'

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })

/**
 * The clients that the authorization server knows. Their credentials open nothing but a test.
 *
 * @satisfies {Record<string, TestClient>}
 */
export const clients = {
  basic: { clientId: 'basic-client', clientSecret: 'not-a-secret-basic', method: 'client_secret_basic' },
  post: { clientId: 'post-client', clientSecret: 'not-a-secret-post', method: 'client_secret_post' },
  /** With Basic right only if both are form-encoded before base64 (RFC 6749 section 2.3.1). */
  awkward: {
    clientId: 'awkward:client 100% & +',
    clientSecret: 'not:a%2Bsecret % + & = /~*',
    method: 'client_secret_basic',
  },
  awkwardPost: {
    clientId: 'awkward:post 100% & +',
    clientSecret: 'not:a%2Bsecret % + & = /~* post',
    method: 'client_secret_post',
  },
  /** Signs with HS256, which wants 32 bytes at least. */
  secretJwt: {
    clientId: 'secret-jwt:client 100% & +',
    clientSecret: 'not:a%2Bsecret % + & = /~* of more than 32 bytes',
    method: 'client_secret_jwt',
  },
  privateKeyJwt: {
    clientId: 'private-key-jwt-client',
    clientSecret: '',
    method: 'private_key_jwt',
    privateJwk: { ...privateKey.export({ format: 'jwk' }), alg: 'ES256', kid: 'private-key-jwt-1' },
    privatePem: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
  },
  /** Known to the server that `startTlsAuthorizationServer` starts, and to no other. */
  tls: { clientId: 'tls-client', clientSecret: '', method: 'self_signed_tls_client_auth' },
  /** Has no secret: `client_id` in the body. It may refresh, and that only. */
  public: { clientId: 'public-client', clientSecret: '', method: 'none' },
  web: {
    clientId: 'web-client',
    clientSecret: 'not:a%2Bsecret % + & = /~* web',
    method: 'client_secret_basic',
    grants: ['authorization_code', 'refresh_token', 'client_credentials'],
    redirectUri: 'https://web.example.com/callback',
  },
  /** Public, so it must use PKCE. */
  spa: {
    clientId: 'spa-client',
    clientSecret: '',
    method: 'none',
    grants: ['authorization_code', 'refresh_token'],
    redirectUri: 'https://spa.example.com/callback',
  },
  device: {
    clientId: 'device-client',
    clientSecret: '',
    method: 'none',
    grants: [deviceCodeGrant, 'refresh_token'],
  },
  exchange: {
    clientId: 'exchange-client',
    clientSecret: 'not:a%2Bsecret % + & = /~* exchange',
    method: 'client_secret_basic',
    grants: [tokenExchangeGrant, 'client_credentials', 'refresh_token'],
  },
  assertion: {
    clientId: 'assertion-client',
    clientSecret: 'not:a%2Bsecret % + & = /~* assertion',
    method: 'client_secret_basic',
    grants: [jwtBearerGrant, 'client_credentials', 'refresh_token'],
  },
  dpop: {
    clientId: 'dpop-client',
    clientSecret: 'not:a%2Bsecret % + & = /~* dpop',
    method: 'client_secret_basic',
    dpop: true,
  },
  /** Its refresh tokens are bound to its key too, as it has nothing else to prove itself with. */
  dpopPublic: {
    clientId: 'dpop-public-client',
    clientSecret: '',
    method: 'none',
    grants: ['authorization_code', 'refresh_token'],
    redirectUri: 'https://dpop.example.com/callback',
    dpop: true,
  },
  /** Introspects for the resource server, and may revoke the tokens of every client. */
  resourceServer: {
    clientId: 'resource-server',
    clientSecret: 'not-a-secret-either',
    method: 'client_secret_post',
  },
}

/**
 * The clients in the words of client registration (RFC 7591).
 *
 * @param {{ clientCertificate?: string | undefined, spaUrl?: string | undefined }} options clientCertificate: that of
 *   the `tls` client, without which it stays unknown; spaUrl: where the `spa` client is to come back to
 */
export function clientMetadata({ clientCertificate, spaUrl }) {
  return Object.values(/** @type {Record<string, TestClient>} */ (clients))
    .filter(({ method }) => clientCertificate || method !== clients.tls.method)
    .map(({ clientId, clientSecret, method, grants, redirectUri, dpop, privateJwk }) => ({
      client_id: clientId,
      ...(clientSecret && { client_secret: clientSecret }),
      token_endpoint_auth_method: method,
      grant_types:
        grants ?? (method === 'none' ? ['refresh_token'] : ['client_credentials', 'refresh_token']),
      ...(redirectUri && {
        redirect_uris: [(clientId === clients.spa.clientId && spaUrl) || redirectUri],
        response_types: ['code'],
      }),
      ...(dpop && { dpop_bound_access_tokens: true }),
      ...(privateJwk && { jwks: { keys: [publicJwk(privateJwk)] } }),
      ...(method === clients.tls.method &&
        clientCertificate && { jwks: { keys: [certificateJwk(clientCertificate)] } }),
    }))
}

/** @param {import('node:crypto').JsonWebKey} jwk */
function publicJwk({ d: _, ...jwk }) {
  return jwk
}

/** @param {string} pem */
function certificateJwk(pem) {
  const x5c = [pem.replace(/-----[A-Z ]+-----|\s/g, '')]
  return { ...createPublicKey(pem).export({ format: 'jwk' }), x5c }
}
