/**
 * Authentication for axios as request interceptors: Basic, API keys, and bearer tokens that are fetched, kept, renewed,
 * and replaced on a 401.
 *
 * @module axios-auth-interceptors
 */
export { type AuthInterceptor, authInterceptor } from './auth-interceptor'
export type { AuthRequest, AuthResponse, AuthScheme, CredentialsPlace } from './auth-scheme'
export { type Challenge, parseChallenges } from './challenge'
export { AuthError, type AuthErrorCode } from './errors'
export type { AuthEvent, EventListener } from './events'
export type { TravelOptions } from './exchange'
export type { ValueOrFunction } from './option'
export type { Origins } from './protection-space'
export { type ApiKey, apiKeyAuth } from './schemes/api-key'
export { type BasicCredentials, basicAuth } from './schemes/basic'
export { type BearerOptions, bearerAuth } from './schemes/bearer'
export type { AccessToken, TokenResponse, TokenResult, TokenValue } from './tokens/access-token'
export type { ClientAuthenticationOptions } from './tokens/client-authentication'
export { clientCredentials, type GrantOptions, type GrantParameters } from './tokens/grants'
export { type RefreshTokenOptions, type RotationOptions, refreshToken } from './tokens/refresh-token'
export { type RenewWithOptions, renewWith } from './tokens/renew-with'
export type { SlotSnapshot } from './tokens/slot-snapshot'
export type { FetchReason, TokenEvent } from './tokens/token-event'
export type { FetchContext, FetchToken } from './tokens/token-fetch'
export type { TokenParameters } from './tokens/token-parameters'
export { type ReadResponse, tokenRequest } from './tokens/token-request'
export {
  type TokenDemand,
  type TokenSource,
  type TokenSourceOptions,
  tokenSource,
} from './tokens/token-source'
