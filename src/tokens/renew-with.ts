import { AuthError } from '../errors'
import { assertOptions, kindOf } from '../option'
import type { AccessToken, TokenResult } from './access-token'
import type { Refresh } from './refresh-token'
import { tokenFailure } from './token-failure'
import type { FetchContext, FetchToken } from './token-fetch'
import { readToken } from './token-response'

/** When a login is due again. */
export interface RenewWithOptions {
  /**
   * How often in a row a token may be renewed before a new login is due.
   * @default without end
   */
  readonly times?: number | undefined
}

const RENEWALS = Symbol('renewals')

/**
 * Fetches a token by a login the first time, and from then on by a renewal that uses what the last answer gave: a
 * refresh token, a keep-alive call. When the renewal is refused or used up, by a login again.
 *
 * @param renew finds the token to be renewed, and what came with it, in `context.previous`
 * @throws TypeError when an argument is of the wrong type
 * @example
 * bearerAuth(renewWith(refreshToken(issuer, { url: '/oauth2/token' }), passwordLogin))
 */
export function renewWith(renew: FetchToken, login: FetchToken, options: RenewWithOptions = {}): FetchToken {
  for (const [name, fetch] of Object.entries({ renew, login })) {
    if (typeof fetch !== 'function')
      throw new TypeError(`\`${name}\` must be a function, not ${kindOf(fetch)}`)
  }
  assertOptions('options', options, ['times'])
  const { times = Number.POSITIVE_INFINITY } = options
  if (typeof times !== 'number' || !(times >= 1)) throw new TypeError('`times` must be a number from 1 on')

  const refresh: Partial<Refresh> = renew
  const fetchToken = async (context: FetchContext): Promise<TokenResult> => {
    const renewals = renewalsOf(context.previous)
    let refusal: AuthError | undefined
    if ((context.previous || refresh.canBegin) && renewals < times) {
      try {
        const result = await renew(context)
        // An answer with status 200 may be a refusal, too.
        readToken(result, Date.now())
        return counted(result, renewals + 1)
      } catch (error) {
        refusal = tokenFailure(error, Date.now())
        if (!isRefusal(refusal)) throw error
      }
    }
    const result = await loggedIn(login, context, refusal)
    await refresh.adopt?.(result)
    return result
  }
  return Object.assign(fetchToken, { timeout: login.timeout ?? renew.timeout })
}

/** If the login fails, too, the refusal that led to it is told: it says why there is no token any more. */
async function loggedIn(
  login: FetchToken,
  context: FetchContext,
  refusal: AuthError | undefined,
): Promise<TokenResult> {
  try {
    return await login(context)
  } catch (error) {
    if (!refusal) throw error
    const failure = tokenFailure(error, Date.now())
    if (failure.cause) throw failure
    const { message, code, status, error: reason = refusal.error, error_description } = failure
    throw new AuthError(message, code, { status, error: reason, error_description, cause: refusal })
  }
}

/** The count travels with the token: a login begins it anew, and each key has its own. */
const renewalsOf = (token: AccessToken | undefined): number => Number(token?.extra[RENEWALS] ?? 0)

const counted = (result: TokenResult, renewals: number): TokenResult =>
  typeof result === 'string' ? { value: result, [RENEWALS]: renewals } : { ...result, [RENEWALS]: renewals }

/** The issuer has said no, or there is nothing to renew with. An issuer that is down would not let us log in, either. */
function isRefusal({ code, status = 200, cause }: AuthError): boolean {
  if (code === 'ERR_AUTH_TOKEN_RESPONSE') return true
  // With a cause it is a function of the user's that failed: a store, `onRotate`.
  if (code === 'ERR_AUTH_CREDENTIALS') return cause === undefined
  return code === 'ERR_AUTH_TOKEN_REQUEST' && status >= 400 && status < 500 && status !== 429
}
