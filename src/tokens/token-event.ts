import type { AuthErrorCode } from '../errors'

/**
 * Why a token is fetched: there was none yet (`cold`), renewal is due while the old one still works (`stale`), the old
 * one is over (`expired`), the API refused it (`rejected`), or it was asked for by hand (`manual`).
 */
export type FetchReason = 'cold' | 'stale' | 'expired' | 'rejected' | 'manual'

/** What happens to the tokens of a source. Tokens are named by their serial number, durations are milliseconds. */
export type TokenEvent =
  | { readonly type: 'fetching'; readonly reason: FetchReason; readonly key: string }
  | {
      readonly type: 'fetched'
      readonly reason: FetchReason
      readonly key: string
      readonly token: number
      readonly duration: number
      /** Milliseconds since 1970; undefined if unknown. */
      readonly expiresAt: number | undefined
    }
  | {
      readonly type: 'failed'
      readonly reason: FetchReason
      readonly key: string
      readonly code: AuthErrorCode
      readonly duration: number
      /** The held token is still served. */
      readonly isServing: boolean
    }
  | { readonly type: 'rejected'; readonly key: string; readonly token: number }
  | { readonly type: 'throttled'; readonly key: string /** Milliseconds. */; readonly retryIn: number }
  | { readonly type: 'cleared' }
