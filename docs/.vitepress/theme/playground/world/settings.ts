/** What the visitor can set. */
export interface Settings {
  /** Requests per second. */
  rate: number
  /** Seconds. */
  tokenLife: number
  /** Milliseconds, there and back. */
  apiLatency: number
  /** Milliseconds, there and back. */
  issuerLatency: number
  /** What an issuer that is down does: answers 503, or nothing at all. */
  outage: 'answers 503' | 'does not answer'
  byHand: 'careful' | 'naive'
}

export const DEFAULTS: Settings = {
  rate: 20,
  tokenLife: 12,
  apiLatency: 300,
  issuerLatency: 500,
  outage: 'answers 503',
  byHand: 'careful',
}

/** How long the HTTP client of a token request waits for an answer, in milliseconds. */
export const TOKEN_CALL_TIMEOUT = 3000
