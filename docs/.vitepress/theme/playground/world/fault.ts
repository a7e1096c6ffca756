import type { Failure } from './history'

const NO_TOKEN = 'they wait for a token, and the issuer gives none'

/** By what a caller is told. */
const REASONS: Readonly<Record<string, string>> = {
  401: 'their replay is refused, too, or four tokens were refused within 30 s',
  503: NO_TOKEN,
  ECONNABORTED: NO_TOKEN,
  ERR_AUTH_TOKEN_REQUEST: NO_TOKEN,
  ERR_AUTH_TOKEN_THROTTLED: 'after three failures the issuer is asked once in 6 s',
}

// So long it can be read, and not much longer than it holds. Milliseconds.
const LASTS = 2000

/** Why callers fail, if they do now. */
export function faultAt(now: number, last: Failure | undefined): string | undefined {
  if (!last || now - last.at > LASTS) return undefined
  const reason = REASONS[last.error]
  return `Callers fail with ${last.error}${reason ? `: ${reason}` : ''}.`
}
