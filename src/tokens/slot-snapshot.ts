import type { TokenState } from './renewal-policy'

/** The state of a token, for debugging. */
export interface SlotSnapshot {
  /** What the source's `key` gave, with what was asked of the token behind it. */
  readonly key: string
  /** What a request would get: `fresh` and `stale` the token, `stale` with a renewal behind it; else it waits. */
  readonly state: TokenState | 'none'
  /** The serial number of the held token. */
  readonly token: number | undefined
  /** Its end in milliseconds since 1970; undefined if unknown. */
  readonly expiresAt: number | undefined
  /** Is a fetch under way? */
  readonly isFetching: boolean
  /** Milliseconds until a token may be asked for. */
  readonly retryIn: number
}
