import type { AxiosResponse } from 'axios'
import { AuthError, type AuthErrorDetails, isError } from '../errors'
import { headerOf } from '../response-header'
import { oauthError } from './token-response'

/** What a fetch of a token threw, as an error that says so and holds no secret. */
export function tokenFailure(error: unknown): AuthError {
  if (error instanceof AuthError) return error
  const response = (error as { response?: AxiosResponse } | null | undefined)?.response
  if (response?.status !== undefined) return refusedBy(response, error)
  const why = isError(error) ? `: ${error.message || error.name}` : ''
  return new AuthError(`The token could not be fetched${why}`, 'ERR_AUTH_TOKEN_REQUEST', { cause: error })
}

/** The error of a token request that was answered, but not with success. */
export function refusedBy(response: AxiosResponse, cause?: unknown): AuthError {
  const { status } = response
  const { error, error_description, error_uri } = fieldsOf(response.data)
  const reason = error === undefined ? '' : `, ${oauthError({ error, error_description })}`
  const hint = status >= 300 && status < 400 ? '; it redirects: give the final URL of the token endpoint' : ''
  return new AuthError(
    `The token request failed with status ${status}${reason}${hint}`,
    'ERR_AUTH_TOKEN_REQUEST',
    {
      status,
      error,
      error_description,
      error_uri,
      retryAfter: retryAfterOf(headerOf(response, 'retry-after'), headerOf(response, 'date')),
      cause,
    },
  )
}

/** RFC 6749 section 5.2, if the body is one: many error answers are empty, or a page. */
function fieldsOf(body: unknown): AuthErrorDetails {
  const { error, error_description, error_uri } = Object(
    typeof body === 'string' ? parsed(body) : body,
  ) as Record<string, unknown>
  const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)
  return { error: text(error), error_description: text(error_description), error_uri: text(error_uri) }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
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
