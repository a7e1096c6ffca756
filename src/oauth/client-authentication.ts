import {
  type ClientAuth,
  ClientSecretJwt,
  type ModifyAssertionFunction,
  modifyAssertion,
  None,
  type PrivateKey,
  PrivateKeyJwt,
  type AuthorizationServer as ServerMetadata,
  TlsClientAuth,
} from 'oauth4webapi'
import { assertFunction, assertOptions, type ValueOrFunction } from '../option'
import { controlFault, type Secret, secretOf } from '../secret'
import { clientAuthentication } from '../tokens/client-authentication'

/**
 * How the client proves itself at the authorization server: RFC 6749 section 2.3, RFC 7523, RFC 8705. Each send of a
 * request asks it anew, so that no assertion goes out twice.
 */
export type ClientAuthentication = ClientAuth

/** Whom a signed assertion is for. */
export interface AssertionOptions {
  /**
   * The `aud` of the assertion; servers disagree. A function is given the server's metadata.
   * @default the issuer
   * @example
   * privateKeyJwt(key, { audience: ({ token_endpoint }) => token_endpoint })
   */
  readonly audience?:
    | string
    | readonly string[]
    | ((metadata: ServerMetadata) => string | undefined)
    | undefined
}

const ASSERTION_OPTIONS = ['audience']

/**
 * `client_secret_basic`: id and secret in the Authorization header, RFC 6749 section 2.3.1.
 *
 * @param secret a function is asked for each request
 * @param options `encoding`: `form` encodes both first, as the RFC asks; `raw` sends them as they are, as some servers
 *   want it. It matters only for other characters than letters, digits, `-`, `.` and `_`. Default: `form`
 * @throws TypeError when the secret is of the wrong type
 * @example
 * authorizationServer(client, { issuer, clientId, clientAuthentication: clientSecretBasic(CLIENT_SECRET) })
 */
export function clientSecretBasic(
  secret: ValueOrFunction<string>,
  options: { readonly encoding?: 'form' | 'raw' | undefined } = {},
): ClientAuthentication {
  assertOptions('options', options, ['encoding'])
  const { encoding = 'form' } = options
  if (!['form', 'raw'].includes(encoding)) throw new TypeError('`encoding` must be "form" or "raw"')
  return withSecret(secret, encoding === 'raw' ? 'basic' : 'basic-encoded')
}

/**
 * `client_secret_post`: id and secret as parameters of the body, RFC 6749 section 2.3.1.
 *
 * @param secret a function is asked for each request
 * @throws TypeError when the secret is of the wrong type
 * @example
 * authorizationServer(client, { issuer, clientId, clientAuthentication: clientSecretPost(CLIENT_SECRET) })
 */
export const clientSecretPost = (secret: ValueOrFunction<string>): ClientAuthentication =>
  withSecret(secret, 'body')

/**
 * `client_secret_jwt`: an assertion signed with the secret, RFC 7523 section 2.2.
 *
 * @param secret a function is asked for each request
 * @throws TypeError when the secret is of the wrong type
 * @example
 * authorizationServer(client, { issuer, clientId, clientAuthentication: clientSecretJwt(CLIENT_SECRET) })
 */
export function clientSecretJwt(
  secret: ValueOrFunction<string>,
  options: AssertionOptions = {},
): ClientAuthentication {
  assertOptions('options', options, ASSERTION_OPTIONS)
  const checked = checkedSecret(secret)
  return async (metadata, client, body, headers) => {
    const sign = ClientSecretJwt(await checked.get(), { [modifyAssertion]: addressing(metadata, options) })
    await sign(metadata, client, body, headers)
  }
}

/**
 * `private_key_jwt`: an assertion signed with a private key, RFC 7523 section 2.2.
 *
 * @param key a `CryptoKey`, which need not be extractable, or one with its key id: `{ key, kid }`
 * @throws TypeError when the key is of the wrong type
 * @example
 * const key = await importPKCS8(pem, 'ES256') // jose
 * authorizationServer(client, { issuer, clientId, clientAuthentication: privateKeyJwt({ key, kid: '2026-11' }) })
 */
export function privateKeyJwt(
  key: CryptoKey | PrivateKey,
  options: AssertionOptions = {},
): ClientAuthentication {
  assertOptions('options', options, ASSERTION_OPTIONS)
  const { type, key: inner } = Object(key) as { type?: unknown; key?: { type?: unknown } }
  if (type !== 'private' && inner?.type !== 'private')
    throw new TypeError(
      '`key` must be a private CryptoKey, or { key, kid }: of a PEM, jose makes one with importPKCS8',
    )
  return (metadata, client, body, headers) =>
    PrivateKeyJwt(key, { [modifyAssertion]: addressing(metadata, options) })(metadata, client, body, headers)
}

const OVER_TLS = new WeakSet<ClientAuthentication>()

/**
 * `tls_client_auth` and `self_signed_tls_client_auth`, RFC 8705: the certificate is that of the client instance's own
 * `httpsAgent`. The server's `mtls_endpoint_aliases` are used.
 *
 * @example
 * const client = axios.create({ httpsAgent: new https.Agent({ cert, key }) })
 * authorizationServer(client, { issuer, clientId, clientAuthentication: tlsClientAuth() })
 */
export function tlsClientAuth(): ClientAuthentication {
  const authentication = TlsClientAuth()
  OVER_TLS.add(authentication)
  return authentication
}

/** Is it the certificate of the connection that proves the client? */
export const isOverTls = (authentication: ClientAuthentication): boolean => OVER_TLS.has(authentication)

/**
 * `none`: a public client, which has an id and no secret.
 *
 * @example
 * authorizationServer(client, { issuer, clientId, clientAuthentication: none() })
 */
export const none = (): ClientAuthentication => None()

function withSecret(
  secret: ValueOrFunction<string>,
  method: 'basic' | 'basic-encoded' | 'body',
): ClientAuthentication {
  const checked = checkedSecret(secret)
  return async (_, { client_id: clientId }, body, headers) => {
    const clientSecret = await checked.get()
    const authenticate = clientAuthentication({ clientId, clientSecret, clientAuthentication: method })
    for (const [name, value] of Object.entries(await authenticate(body))) headers.set(name, value)
  }
}

const checkedSecret = (secret: ValueOrFunction<string>): Secret =>
  secretOf('secret', secret, (value) => (value === '' ? 'must not be empty' : controlFault(value)))

const addressing =
  (metadata: ServerMetadata, { audience }: AssertionOptions): ModifyAssertionFunction =>
  (_, payload) => {
    const wanted = typeof audience === 'function' ? audience(metadata) : audience
    if (wanted !== undefined) payload.aud = wanted as string
  }

const FACTORIES: unknown[] = [
  clientSecretBasic,
  clientSecretPost,
  clientSecretJwt,
  privateKeyJwt,
  tlsClientAuth,
  none,
]

export function assertClientAuthentication(authentication: unknown): void {
  if (FACTORIES.includes(authentication))
    throw new TypeError('`clientAuthentication` must be called: clientSecretBasic(secret), for one')
  assertFunction('clientAuthentication', authentication)
}
