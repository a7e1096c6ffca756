import type { AuthErrorCode } from '../errors'

/**
 * Why a token is fetched: there was none yet (`cold`), renewal is due while the old one still works (`stale`), the old
 * one is over (`expired`), the API refused it (`rejected`), or it was asked for by hand (`manual`).
 */
export type FetchReason = 'cold' | 'stale' | 'expired' | 'rejected' | 'manual'

/**
 * What happens to the tokens of a source, for logs and metrics. `token` is a serial number, `key` what the source's `key`
 * gave, with what was asked of the token behind it; `duration` and `retryIn` are milliseconds.
 */
export type TokenEvent =
  /** A fetch begins. */
  | { readonly type: 'fetching'; readonly reason: FetchReason; readonly key: string }
  /** It brought a token, which is in use from now on. */
  | {
      readonly type: 'fetched'
      readonly reason: FetchReason
      readonly key: string
      readonly token: number
      readonly duration: number
      /** Milliseconds since 1970; undefined if unknown. */
      readonly expiresAt: number | undefined
    }
  /** It failed. */
  | {
      readonly type: 'failed'
      readonly reason: FetchReason
      readonly key: string
      readonly code: AuthErrorCode
      readonly duration: number
      /** The held token is still served. */
      readonly isServing: boolean
    }
  /** The API refused the held token; it is dropped. */
  | { readonly type: 'rejected'; readonly key: string; readonly token: number }
  /** A fetch was needed, but is not allowed yet: too many failures or refused tokens, or a `Retry-After` of the issuer. */
  | { readonly type: 'throttled'; readonly key: string; readonly retryIn: number }
  /** All tokens were forgotten: a log-out. */
  | { readonly type: 'cleared' }
