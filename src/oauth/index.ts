/**
 * An authorization server, known by its metadata: its grants, the client authentications, DPoP, log-out. It needs the
 * package `oauth4webapi`, an optional peer.
 *
 * @module axios-auth-interceptors/oauth
 */
export type {
  AuthorizationCodeOptions,
  AuthorizationOptions,
  AuthorizationRequest,
} from './authorization-code'
export {
  type AuthorizationServer,
  type AuthorizationServerOptions,
  authorizationServer,
} from './authorization-server'
export {
  type AssertionOptions,
  type ClientAuthentication,
  clientSecretBasic,
  clientSecretJwt,
  clientSecretPost,
  none,
  privateKeyJwt,
  tlsClientAuth,
} from './client-authentication'
export type { DeviceAuthorizationOptions, UserPrompt } from './device-authorization'
export { type DpopOptions, dpopAuth } from './dpop'
export type { JwtBearerOptions } from './jwt-bearer'
export type { MetadataOptions } from './metadata'
export type { TokenExchangeOptions } from './token-exchange'
export type { TokenTypeHint } from './token-status'
