import type { AxiosInstance } from 'axios'
import type { IntrospectionResponse, AuthorizationServer as ServerMetadata } from 'oauth4webapi'
import { assertClient, assertNonEmpty, assertOptions } from '../option'
import { originOf } from '../protection-space'
import { GRANT_PARAMETERS, type GrantParameters } from '../tokens/grants'
import {
  type RefreshContext,
  ROTATION_OPTIONS,
  type RotationOptions,
  rotating,
} from '../tokens/refresh-token'
import type { FetchToken } from '../tokens/token-fetch'
import {
  type AuthorizationCodeOptions,
  type AuthorizationOptions,
  type AuthorizationRequest,
  authorizationCode,
  authorizationRequest,
} from './authorization-code'
import { assertClientAuthentication, type ClientAuthentication, none } from './client-authentication'
import { type DeviceAuthorizationOptions, deviceAuthorization } from './device-authorization'
import { assertKeyPair } from './dpop-proof'
import { endpointsOf } from './endpoints'
import { type JwtBearerOptions, jwtBearer } from './jwt-bearer'
import { type MetadataOptions, metadataOf } from './metadata'
import { grantAt } from './token-endpoint'
import { type TokenExchangeOptions, tokenExchange } from './token-exchange'
import { introspect, revoke, type TokenTypeHint } from './token-status'

/** Which server, and as which client. */
export interface AuthorizationServerOptions extends MetadataOptions {
  /** The client's id, as it was registered. */
  readonly clientId: string
  /**
   * How the client proves itself: `clientSecretBasic(secret)`, `privateKeyJwt(key)`, ...
   * @default none(), a public client
   */
  readonly clientAuthentication?: ClientAuthentication | undefined
  /** Binds the tokens to this key (RFC 9449): give the same to `dpopAuth`. */
  readonly keyPair?: CryptoKeyPair | undefined
  /**
   * Origins that may be asked though they are plain http.
   * @default none but this machine
   */
  readonly origins?: string | readonly string[] | undefined
}

/** An authorization server, as one client sees it. Each grant is a fetch function, for `bearerAuth` or `tokenSource`. */
export interface AuthorizationServer {
  /** Its metadata (RFC 8414): fetched when they are first needed, once. Rejects with an `AuthError`. */
  metadata(): Promise<ServerMetadata>
  /** As the client itself: RFC 6749 section 4.4. */
  clientCredentials(options?: GrantParameters): FetchToken
  /** With a refresh token: RFC 6749 section 6. Without a `refreshToken` it uses the one that came with the last token: for `renewWith`. */
  refreshToken(options?: GrantParameters & RotationOptions): FetchToken
  /**
   * Begins a login: the URL where the user has to go, and what to keep until the user comes back. RFC 6749 section 4.1,
   * RFC 7636. Rejects with an `AuthError` when the metadata cannot be had.
   */
  authorizationRequest(options: AuthorizationOptions): Promise<AuthorizationRequest>
  /** Ends a login with the URL that the user came back to. A code is good for one token: combine it by `renewWith`. */
  authorizationCode(options: AuthorizationCodeOptions): FetchToken
  /** RFC 8628: a login on another device. It may take as long as the code lives. */
  deviceAuthorization(options: DeviceAuthorizationOptions): FetchToken
  /** Another token for one at hand: RFC 8693. */
  tokenExchange(options: TokenExchangeOptions): FetchToken
  /** With an assertion that somebody has signed: RFC 7523 section 2.1. */
  jwtBearer(options: JwtBearerOptions): FetchToken
  /** RFC 7009: for a log-out. A token that cannot be revoked, as most JWTs, is no error; others are an `AuthError`. */
  revoke(token: string, hint?: TokenTypeHint): Promise<void>
  /** What a token is, and whether it is good: RFC 7662. Rejects with an `AuthError`. */
  introspect(token: string, hint?: TokenTypeHint): Promise<IntrospectionResponse>
}

/**
 * Knows an authorization server by its metadata, and asks it through an axios instance of yours.
 *
 * @param client the instance whose proxies, agents, interceptors, timeouts and retries count for all that is asked
 * @throws TypeError when an option is of the wrong type
 * @example
 * const server = authorizationServer(axios.create(), {
 *   issuer: 'https://login.example.com',
 *   clientId: CLIENT_ID,
 *   clientAuthentication: clientSecretBasic(CLIENT_SECRET),
 * })
 * api.interceptors.request.use(bearerAuth(server.clientCredentials({ scope: 'read' })))
 */
export function authorizationServer(
  client: AxiosInstance,
  options: AuthorizationServerOptions,
): AuthorizationServer {
  assertClient(client)
  assertOptions('options', options, OPTIONS, secretHint)
  const { clientId, clientAuthentication = none(), keyPair, origins = [] } = options
  assertNonEmpty('clientId', clientId)
  assertClientAuthentication(clientAuthentication)
  if (keyPair !== undefined) assertKeyPair(keyPair)
  const way = { client, origins: new Set((typeof origins === 'string' ? [origins] : origins).map(originOf)) }
  const metadata = metadataOf(way, options)
  const endpoints = endpointsOf(way, metadata, { clientId, authentication: clientAuthentication, keyPair })

  return {
    metadata,
    clientCredentials: (options = {}) => {
      assertOptions('options', options, GRANT_PARAMETERS)
      return grantAt(endpoints, 'client_credentials', options, () => ({}))
    },
    refreshToken: (options = {}) => {
      assertOptions('options', options, [...GRANT_PARAMETERS, ...ROTATION_OPTIONS])
      const refresh = grantAt(
        endpoints,
        'refresh_token',
        options,
        ({ refreshToken }: RefreshContext) => ({ refresh_token: refreshToken }),
        { isSpending: true },
      )
      return rotating(options, refresh)
    },
    authorizationRequest: (options) => authorizationRequest(endpoints, options),
    authorizationCode: (options) => authorizationCode(endpoints, options),
    deviceAuthorization: (options) => deviceAuthorization(endpoints, options),
    tokenExchange: (options) => tokenExchange(endpoints, options),
    jwtBearer: (options) => jwtBearer(endpoints, options),
    revoke: (token, hint) => revoke(endpoints, token, hint),
    introspect: (token, hint) => introspect(endpoints, token, hint),
  }
}

const OPTIONS = ['issuer', 'metadata', 'clientId', 'clientAuthentication', 'keyPair', 'origins']

/** A slip here would make a public client of one that has a secret. */
const secretHint = (unknown: string): string =>
  /secret/i.test(unknown) ? '; give a secret as `clientAuthentication: clientSecretBasic(secret)`' : ''
