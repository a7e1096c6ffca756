/** Moments are milliseconds of the world's time; an end that has not come is undefined. */
export interface Span {
  readonly from: number
  until?: number
}

/** One sending of a request to the API. */
export interface Sending extends Span {
  status?: number
}

/** What a caller asked for: sent once, or twice if it was refused. */
export interface CallerRequest extends Span {
  readonly row: number
  readonly sendings: Sending[]
  hasWaited: boolean
  /** How it ended. */
  outcome?: 'served' | 'failed'
}

export interface TokenCall extends Span {
  readonly row: number
  /** Why, if the client says so. */
  readonly reason: string | undefined
  /** Undefined once it is over: nothing was answered. */
  status?: number | undefined
}

/** The token that the client holds. */
export interface Held {
  readonly state: 'none' | 'fresh' | 'stale' | 'expired'
  readonly token: number | undefined
  /** Does the client not know yet that it is worth nothing? */
  readonly isRevoked: boolean
}

export interface HeldStretch extends Held {
  readonly from: number
  until: number
}

export interface Counts {
  readonly apiCalls: number
  readonly refused: number
  readonly tokenCalls: number
  readonly waited: number
  readonly failed: number
  readonly served: number
}

/** A caller got an error: the status of the answer, or the code. */
export interface Failure {
  readonly at: number
  readonly error: string
}

export const NOTHING: Counts = { apiCalls: 0, refused: 0, tokenCalls: 0, waited: 0, failed: 0, served: 0 }
