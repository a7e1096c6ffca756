import type { AxiosError, AxiosResponse } from 'axios'
import { AuthError, withoutSecrets } from '../errors'
import { parsedJson } from '../json'
import { headerOf } from '../response-header'
import { withoutSent } from './sent-secrets'
import { errorFields, oauthError } from './token-response'

/** What a fetch of a token threw, as an error that says so and holds no secret. `now` is the wall clock. */
export function tokenFailure(error: unknown, now: number): AuthError {
  const response = (error as { response?: AxiosResponse } | null | undefined)?.response
  if (error instanceof AuthError || response?.status === undefined)
    return failureOf('The token could not be fetched', error)
  return isSuccess(response) ? unreadable(response, error) : refusedBy(response, error, now)
}

/** An interceptor of the user's may give anything in its place. */
export const isResponse = (answer: unknown): answer is AxiosResponse =>
  typeof (answer as Partial<AxiosResponse> | undefined)?.status === 'number'

export const isSuccess = ({ status }: AxiosResponse): boolean => status >= 200 && status < 300

/** What a request to the issuer threw, without that request in it: it holds the client's secret. */
export function failureOf(what: string, error: unknown): AuthError {
  // An interceptor of the issuer's instance may have failed: its config is that of the request.
  if (error instanceof AuthError) return error.config ? error.of(undefined) : error
  const { message, name } = withoutSecrets(error)
  return new AuthError(`${what}: ${message || name}`, 'ERR_AUTH_TOKEN_REQUEST', { cause: error })
}

/** The server was not reached, or could not look at the request: the same one may succeed later. */
export function isTransient(error: unknown): boolean {
  const { isAxiosError, response, status = 0 } = Object(error) as Partial<AxiosError>
  return error instanceof AuthError ? status === 429 || status >= 500 : isAxiosError === true && !response
}

export const unreadable = ({ status }: AxiosResponse, cause: unknown): AuthError =>
  new AuthError('The token could not be read from the response', 'ERR_AUTH_TOKEN_RESPONSE', { status, cause })

/** No token is asked for now: the issuer said so, or too many tries have failed. */
export function throttled(
  retryAfter: number,
  isAskedToWait: boolean,
  cause: AuthError | undefined,
): AuthError {
  const why = isAskedToWait ? 'The issuer asked to wait' : 'Tokens could not be fetched too often lately'
  const last = cause ? `; the last failure: ${cause.message}` : ''
  const message = `${why}: no token is asked for within the next ${retryAfter} ms${last}`
  return new AuthError(message, 'ERR_AUTH_TOKEN_THROTTLED', { retryAfter, cause })
}

/** The error of a token request, or another, that was answered, but not with success. */
export function refusedBy(
  response: AxiosResponse,
  cause?: unknown,
  now: number = Date.now(),
  what = 'token request',
): AuthError {
  const { status } = response
  // Many error answers are empty, or a page.
  const data: unknown = response.data
  const { error, error_description, error_uri } = withoutSent(
    errorFields(typeof data === 'string' ? parsedJson(data) : data),
    response.config,
  )
  const isRedirect = status >= 300 && status < 400
  const reason = error === undefined ? '' : `, ${oauthError({ error, error_description })}`
  const hint = status === 404 ? '; is its URL right?' : isRedirect ? '; it redirects: give its final URL' : ''
  return new AuthError(`The ${what} failed with status ${status}${reason}${hint}`, 'ERR_AUTH_TOKEN_REQUEST', {
    status,
    error,
    error_description,
    error_uri,
    retryAfter: retryAfterOf(headerOf(response, 'retry-after'), headerOf(response, 'date'), now),
    cause,
  })
}

// A slip of a server must not lock its users out for days.
const LONGEST_WAIT = 60 * 60 * 1000

/** RFC 9110 section 10.2.3: seconds, or a date, which is taken against the server's own clock. In milliseconds. */
export function retryAfterOf(
  field: string | undefined,
  date: string | undefined,
  now: number = Date.now(),
): number | undefined {
  if (!field) return undefined
  const servers = Date.parse(date ?? '')
  const wait = /^\d+$/.test(field)
    ? Number(field) * 1000
    : Date.parse(field) - (Number.isNaN(servers) ? now : servers)
  return Number.isNaN(wait) ? undefined : Math.min(LONGEST_WAIT, Math.max(0, wait))
}
