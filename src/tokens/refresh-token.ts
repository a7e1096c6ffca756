import type { AxiosInstance } from 'axios'
import { AuthError } from '../errors'
import { assertFunction, assertOptions, type ValueOrFunction } from '../option'
import { headerFault, secretOf } from '../secret'
import type { AccessToken, TokenResponse, TokenResult } from './access-token'
import { CLIENT_OPTIONS, GRANT_PARAMETERS, type GrantOptions, grant } from './grants'
import { lostAnswers } from './lost-answer'
import type { FetchContext, FetchToken } from './token-fetch'

/** The refresh token to begin with, and who stores its successors. */
export interface RotationOptions {
  /**
   * The refresh token to begin with. A function is asked before each use: from a store that others write, too.
   * @default the one that came with the last token, for use with `renewWith`
   */
  readonly refreshToken?: ValueOrFunction<string> | undefined
  /** Is given each new refresh token before the access token that came with it is used: store it. */
  readonly onRotate?: ((refreshToken: string) => void | Promise<void>) | undefined
}

export const ROTATION_OPTIONS = ['refreshToken', 'onRotate']

/** What token is asked for, and with which refresh token. */
export interface RefreshTokenOptions extends GrantOptions, RotationOptions {}

/**
 * Fetches a token with a refresh token: RFC 6749 section 6. A rotated one is kept and handed to `onRotate`; where none
 * comes the old one stays in use.
 *
 * @throws TypeError when an option is of the wrong type
 * @example
 * bearerAuth(refreshToken(issuer, { url: '/oauth2/token', refreshToken: await store.load(), onRotate: store.save }))
 */
export function refreshToken(client: AxiosInstance, options: RefreshTokenOptions): FetchToken {
  assertOptions('options', options, [...CLIENT_OPTIONS, ...GRANT_PARAMETERS, ...ROTATION_OPTIONS])
  const refresh = grant(client, options, ({ refreshToken }: RefreshContext) => ({
    grant_type: 'refresh_token',
    refresh_token: refreshToken,
  }))
  return rotating(options, refresh)
}

export interface RefreshContext extends FetchContext {
  readonly refreshToken: string
}

/** A renewal that goes on from where a login left off. */
export interface Refresh extends FetchToken {
  /** Has it a refresh token of its own, without a login before it? */
  readonly canBegin: boolean
  /** Takes the refresh token that a login brought. */
  adopt(answer: TokenResult): Promise<void>
}

/** Keeps the refresh token in use: each once at a time, and its successor from then on. */
export function rotating(
  options: RotationOptions,
  refresh: (context: RefreshContext) => Promise<TokenResponse>,
): Refresh {
  const { refreshToken, onRotate } = options
  const given = refreshToken === undefined ? undefined : secretOf('refreshToken', refreshToken, headerFault)
  assertFunction('onRotate', onRotate)
  const answers = lostAnswers()
  let known: string | undefined
  let rotated: string | undefined
  let isStored = true

  /** What a store says anew counts; as long as it says the same, what rotation brought since. */
  async function inUse({ previous }: FetchContext): Promise<string> {
    const stored = given ? await given.get() : cameWith(previous)
    if (stored !== known) rotated = undefined
    known = stored
    return rotated ?? stored
  }
  async function keepRotated(answer: TokenResponse): Promise<TokenResponse> {
    const next = textOf(answer.refresh_token)
    if (next !== undefined && next !== (rotated ?? known)) {
      rotated = next
      isStored = false
    }
    if (!isStored && rotated !== undefined) await store(rotated)
    return { ...answer, refresh_token: rotated ?? known }
  }
  /** What could not be stored is kept all the same, and offered again after the next fetch. */
  async function store(refreshToken: string): Promise<void> {
    try {
      await onRotate?.(refreshToken)
      isStored = true
    } catch (cause) {
      const message = '`onRotate` failed to take the new refresh token'
      throw new AuthError(message, 'ERR_AUTH_CREDENTIALS', { cause })
    }
  }
  async function fetchToken(context: FetchContext): Promise<TokenResponse> {
    const refreshToken = await inUse(context)
    return keepRotated(
      await answers.guard(refreshToken, context, () => refresh({ ...context, refreshToken })),
    )
  }
  async function adopt(answer: TokenResult): Promise<void> {
    const next = textOf((Object(answer) as TokenResponse).refresh_token)
    if (next === undefined) return
    // What a store says until then is older than this; it may be empty. Without one the token itself says it.
    known = given ? await Promise.resolve(given.get()).catch(() => undefined) : next
    rotated = next
    isStored = false
    // A login is not made undone by a store that fails: it is offered again with the next refresh.
    await store(next).catch(() => undefined)
  }
  // One at a time, even for several keys: two uses of one refresh token at once end the grant at some issuers.
  let turn: Promise<unknown> = Promise.resolve()
  const inTurn = (context: FetchContext): Promise<TokenResponse> => {
    const go = (): Promise<TokenResponse> => fetchToken(context)
    // A turn never fails, unless whoever had it was stopped.
    const mine = turn.then(go, go)
    // One that hangs has its turn until its source gives it up; one that is given up in the queue still has others before it.
    const isOver = new Promise<void>((resolve) => {
      mine.finally(resolve).catch(() => undefined)
      context.signal.addEventListener('abort', () => resolve())
    })
    turn = Promise.allSettled([turn, isOver])
    return mine
  }
  return Object.assign(inTurn, { canBegin: given !== undefined, adopt })
}

function cameWith(previous: AccessToken | undefined): string {
  const refreshToken = textOf(previous?.extra.refresh_token)
  if (refreshToken !== undefined) return refreshToken
  const message =
    'There is no refresh token: give one as `refreshToken`, or begin with a login that brings one (renewWith)'
  throw new AuthError(message, 'ERR_AUTH_CREDENTIALS')
}

const textOf = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' ? value : undefined
