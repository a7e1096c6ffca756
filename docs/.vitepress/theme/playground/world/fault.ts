import type { Failure } from './lane-record'

const NO_TOKEN = 'Callers fail: no token is left, and the issuer gives none.'

/** By what a caller is told. */
const FAULTS: Readonly<Record<string, string>> = {
  401: 'Callers fail: the API refuses the new token, too. A request is sent once more only once, and after four refused tokens in 30 s the library asks for no other.',
  503: NO_TOKEN,
  ECONNABORTED: NO_TOKEN,
  ERR_AUTH_TOKEN_REQUEST: NO_TOKEN,
  ERR_AUTH_TOKEN_THROTTLED:
    'Callers fail at once: after five failures within 30 s the issuer is asked for nothing until the first of them is 30 s old.',
}

// So long it can be read, and not much longer than it holds. Milliseconds.
const LASTS = 2000

/** Why callers fail, if they do now. */
export function faultAt(now: number, last: Failure | undefined): string | undefined {
  if (!last || now - last.at > LASTS) return undefined
  return FAULTS[last.error] ?? `Callers fail with ${last.error}.`
}
