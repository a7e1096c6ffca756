import { AxiosError, type AxiosRequestConfig, CanceledError, type InternalAxiosRequestConfig } from 'axios'

/**
 * The codes of an {@link AuthError}:
 *
 * - `ERR_AUTH_CREDENTIALS`: a function that should give a user-id, password, secret or key failed, or gave no usable one
 * - `ERR_AUTH_ORIGIN`: it is not clear whether the credentials may go to this URL: set `origins`
 * - `ERR_AUTH_TOKEN_REQUEST`: the token request failed
 * - `ERR_AUTH_TOKEN_RESPONSE`: it succeeded, but what came is not a usable token
 * - `ERR_AUTH_TOKEN_TIMEOUT`: it took longer than the `timeout` of the token source
 * - `ERR_AUTH_TOKEN_THROTTLED`: it failed too often lately and was not tried again; `retryAfter` says how long
 * - `ERR_AUTH_TOKEN_CLEARED`: the token source was cleared while the request waited for a token
 */
export type AuthErrorCode =
  | 'ERR_AUTH_CREDENTIALS'
  | 'ERR_AUTH_ORIGIN'
  | 'ERR_AUTH_TOKEN_REQUEST'
  | 'ERR_AUTH_TOKEN_RESPONSE'
  | 'ERR_AUTH_TOKEN_TIMEOUT'
  | 'ERR_AUTH_TOKEN_THROTTLED'
  | 'ERR_AUTH_TOKEN_CLEARED'

/** What an {@link AuthError} says beside its message and code. */
export interface AuthErrorDetails {
  /** The API request that failed for it. */
  readonly config?: InternalAxiosRequestConfig | undefined
  /** HTTP status of the token endpoint. */
  readonly status?: number | undefined
  /** RFC 6749 section 5.2: `invalid_client`, `invalid_grant`, ... */
  readonly error?: string | undefined
  readonly error_description?: string | undefined
  readonly error_uri?: string | undefined
  /** Milliseconds after which another try may be made. */
  readonly retryAfter?: number | undefined
  /** What went wrong underneath. It is copied without anything that could hold a secret. */
  readonly cause?: unknown
}

/**
 * Why a request could not be authenticated. It is an `AxiosError`, so one `catch` serves both; decide by `code`.
 *
 * @example
 * if (error instanceof AuthError && error.error === 'invalid_client') askForNewCredentials()
 */
export class AuthError extends AxiosError {
  /** What happened. Decide by this. */
  declare readonly code: AuthErrorCode
  /** What the issuer said: RFC 6749 section 5.2, such as `invalid_client` or `invalid_grant`. */
  declare readonly error?: string
  /** What the issuer said, for people: RFC 6749 section 5.2. */
  declare readonly error_description?: string
  /** A page about the error, if the issuer named one: RFC 6749 section 5.2. */
  declare readonly error_uri?: string
  /** Milliseconds after which another try may be made. */
  declare readonly retryAfter?: number

  /** @internal The library makes it. */
  constructor(message: string, code: AuthErrorCode, details: AuthErrorDetails = {}) {
    const { config, cause, ...rest } = details
    super(message, code, config)
    this.name = 'AuthError'
    for (const [name, value] of Object.entries(rest)) {
      if (value !== undefined) Object.assign(this, { [name]: value })
    }
    if (cause !== undefined) attachCause(this, cause instanceof AuthError ? cause : withoutSecrets(cause))
    // A method that the types of axios call a property.
    const toJSON = (): object => ({ ...AxiosError.prototype.toJSON.call(this), ...this.#details() })
    Object.defineProperty(this, 'toJSON', {
      value: toJSON,
      configurable: true,
      writable: true,
      enumerable: false,
    })
  }

  /** @internal The same failure as it struck one of several requests that waited for it. */
  of(config: InternalAxiosRequestConfig | undefined): AuthError {
    return new AuthError(this.message, this.code, { ...this.#details(), config, cause: this.cause })
  }

  #details(): AuthErrorDetails {
    const { status, error, error_description, error_uri, retryAfter } = this
    return { status, error, error_description, error_uri, retryAfter }
  }
}

/** Sets `cause` as the language does: not enumerable, so that loggers do not walk into it. */
export function attachCause(error: Error, cause: unknown): void {
  Object.defineProperty(error, 'cause', {
    value: cause,
    configurable: true,
    writable: true,
    enumerable: false,
  })
}

// An error may be its own cause.
const MOST_CAUSES = 5

/**
 * A copy of an error with its name, message, code, status and stack and nothing else: an AxiosError of a token request
 * holds the client's secret in its config, in its request and, as a body, in its response.
 */
export function withoutSecrets(error: unknown, depth = MOST_CAUSES): Error {
  if (!isError(error)) return new Error(`something that is no Error was thrown: ${typeof error}`)
  const { code, status } = error as { code?: unknown; status?: unknown }
  // What JSON.parse says quotes the text that it could not read: here, a token response.
  const message = error.name === 'SyntaxError' ? 'malformed JSON' : error.message
  const copy = new Error(message)
  copy.name = error.name
  copy.stack = error.name === 'SyntaxError' ? `${error.name}: ${message}` : String(error.stack)
  if (typeof code === 'string') Object.assign(copy, { code })
  if (typeof status === 'number') Object.assign(copy, { status })
  if (isError(error.cause) && depth > 0) attachCause(copy, withoutSecrets(error.cause, depth - 1))
  return copy
}

/** An error and what caused it, down to a bounded depth. */
export function causesOf(error: unknown): Error[] {
  const causes: Error[] = []
  for (let at = error; isError(at) && causes.length < MOST_CAUSES; at = at.cause) causes.push(at)
  return causes
}

/** Also of another realm, where `instanceof` fails. */
export const isError = (value: unknown): value is Error =>
  value instanceof Error || Object.prototype.toString.call(value) === '[object Error]'

/** The error of axios itself for a request that its caller has aborted, or nothing while it stands. */
export function abortedBy(config: AxiosRequestConfig): Error | undefined {
  const { cancelToken, signal } = config
  // The reason is a CanceledError; the types call it something less.
  if (cancelToken?.reason) return cancelToken.reason as Error
  return signal?.aborted ? new CanceledError(undefined, config as InternalAxiosRequestConfig) : undefined
}

/** The error of axios itself for a request that took longer than its `timeout`. */
export function timedOut(config: AxiosRequestConfig, timeout: number): AxiosError {
  const code = config.transitional?.clarifyTimeoutError ? 'ETIMEDOUT' : 'ECONNABORTED'
  return new AxiosError(
    config.timeoutErrorMessage ?? `timeout of ${timeout}ms exceeded`,
    code,
    config as InternalAxiosRequestConfig,
  )
}

/** The error of its http adapter for redirects without end. */
export const tooManyRedirects = (config: InternalAxiosRequestConfig): AxiosError =>
  new AxiosError('Maximum number of redirects exceeded', 'ERR_FR_TOO_MANY_REDIRECTS', config)
