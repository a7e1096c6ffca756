import type { AxiosResponse } from 'axios'
import QuickLRU from 'quick-lru'
import { AuthError } from '../errors'
import type { TokenResponse } from './access-token'
import { isSuccess, tokenFailure } from './token-failure'
import type { FetchContext } from './token-fetch'

// What says that a request never reached the server.
const NEVER_SENT = [
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ERR_INVALID_URL',
]

const MOST_LOSSES = 1000
const GIVEN_UP = 'The token request was given up before its answer came'

/** Did a request fail in such a way that the server may have dealt with it? */
export function wasLost(error: unknown): boolean {
  const {
    isAxiosError,
    response,
    code = '',
    cause,
  } = Object(error) as {
    isAxiosError?: boolean
    response?: AxiosResponse
    code?: string
    cause?: { code?: string }
  }
  // Of a success that could not be read, the new refresh token is lost as well.
  if (error instanceof AuthError) return error.code === 'ERR_AUTH_TOKEN_RESPONSE' && error.error === undefined
  if (isAxiosError !== true) return false
  if (response) return isSuccess(response)
  // The fetch adapter has one code for all, and the reason beneath.
  return !NEVER_SENT.includes(code) && !NEVER_SENT.includes(cause?.code ?? '')
}

/**
 * A refresh whose answer is lost on the way may have spent its refresh token, and sending that again may end the whole
 * grant, the access token at hand included. So it is sent again only when there is nothing left to lose.
 */
export function lostAnswers(): {
  guard(
    refreshToken: string,
    context: FetchContext,
    refresh: () => Promise<TokenResponse>,
  ): Promise<TokenResponse>
} {
  // Of each refresh token whose last answer was lost: keys may have one each.
  const losses = new QuickLRU<string, AuthError>({ maxSize: MOST_LOSSES })
  let isReplaced = true

  function lose(refreshToken: string, error: unknown): AuthError {
    const failure = afterLoss(error)
    losses.set(refreshToken, failure)
    return failure
  }

  return {
    async guard(refreshToken, { reason, signal }, refresh) {
      if (signal.aborted) throw new AuthError('Given up before it was sent', 'ERR_AUTH_TOKEN_REQUEST')
      const loss = losses.get(refreshToken)
      if (loss && reason === 'stale') throw loss
      // Whoever has the next turn begins before axios says that this one was given up.
      const giveUp = (): void => {
        if (isReplaced) lose(refreshToken, new AuthError(GIVEN_UP, 'ERR_AUTH_TOKEN_TIMEOUT'))
      }
      signal.addEventListener('abort', giveUp)
      try {
        const answer = await refresh()
        losses.delete(refreshToken)
        // An issuer that leaves the refresh token as it is has spent nothing.
        isReplaced = Boolean(answer.refresh_token) && answer.refresh_token !== refreshToken
        return answer
      } catch (error) {
        if (isReplaced && wasLost(error)) throw lose(refreshToken, error)
        if (!loss) losses.delete(refreshToken)
        const failure = tokenFailure(error, Date.now())
        throw loss && failure.error === 'invalid_grant' ? grantIsDead(failure) : error
      } finally {
        signal.removeEventListener('abort', giveUp)
      }
    },
  }
}

function afterLoss(cause: unknown): AuthError {
  const { message, code, status } = tokenFailure(cause, Date.now())
  return new AuthError(
    `${message}. The answer to this refresh is lost: if the issuer has replaced the refresh token, the grant is dead and a new login is needed`,
    code,
    { status, cause },
  )
}

function grantIsDead({ message, code, status, error, error_description, error_uri }: AuthError): AuthError {
  return new AuthError(
    `${message}. The answer to an earlier refresh was lost, and the new refresh token with it: a new login is needed`,
    code,
    { status, error, error_description, error_uri },
  )
}
