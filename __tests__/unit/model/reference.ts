/**
 * What a token source should know of one key, and what it should do: written from the design, as a program that has all
 * the time in the world. All times are milliseconds of its age, which no clock that is turned back makes less.
 */
export interface Slot {
  readonly key: string
  held: Held | undefined
  /** The fetch that is under way. */
  flight: Fetch | undefined
  /** The one before. */
  last: Fetch | undefined
  /** In which stretch of microtasks a request was last told to come later. */
  throttledIn: number | undefined
  /** The token that the next fetch replaces. */
  previous: Token | undefined
  /** What was held until the API refused it, and in which stretch of microtasks that was. */
  dropped: { readonly held: Held; readonly stretch: number } | undefined
  /** The API refused the last token, and none came since. */
  wasRefused: boolean
  /** When a fetch failed or a token was refused. */
  readonly spends: { readonly at: number; readonly by: 'failure' | 'refusal' }[]
  /** Until when the issuer asked to wait. */
  waitUntil: number
  failuresInRow: number
  /** When the last fetch failed, and what it then said of waiting. */
  lastFailure: { readonly at: number; readonly retryAfter: number | undefined } | undefined
}

export interface Held {
  readonly token: Token
  /** From before the token was asked for. */
  readonly since: number
  readonly serial: number
}

export interface Token {
  readonly name: string
  readonly key: string
  readonly fetch: Fetch
  /** Undefined: until it is refused. */
  readonly life: number | undefined
  readonly refreshIn: number | undefined
  /** In the issuer's own time, which nobody turns. */
  readonly endsAt: number
  isRevoked: boolean
  /** The source was told that it was refused. */
  isRefused: boolean
}

export interface Fetch {
  readonly number: number
  readonly key: string
  readonly reason: string
  readonly startedAt: number
  /** On the wall clock. */
  readonly startedOn: number
  /** On the timers. */
  readonly timerStart: number
  readonly patience: number
  /** How many clear() came before. */
  readonly era: number
  readonly signal: AbortSignal
  answer: { readonly token: Token } | { readonly code: string; readonly retryAfter?: number } | undefined
  /** What the source made of it. */
  end: 'landed' | 'failed' | 'cleared' | undefined
  /** With what the source says that it failed. */
  code: string | undefined
  /** In which stretch of microtasks it ended: for some of them it may still be shared. */
  endedIn: number
  waiting: number
}

export const MOST_REFUSALS = 4
export const WINDOW = 30_000

/** Jitter leaves some things open. */
export type Sure = 'no' | 'perhaps' | 'yes'

export const emptySlot = (key: string): Slot => ({
  key,
  held: undefined,
  flight: undefined,
  last: undefined,
  throttledIn: undefined,
  previous: undefined,
  dropped: undefined,
  wasRefused: false,
  spends: [],
  waitUntil: Number.NEGATIVE_INFINITY,
  failuresInRow: 0,
  lastFailure: undefined,
})

const NO_TOKEN = { life: undefined }

/** For how long a token may be used. */
export const usableFor = ({ life }: Pick<Token, 'life'>): number =>
  life === undefined ? Number.POSITIVE_INFINITY : life - Math.min(30_000, 0.1 * life)

export const isUsable = ({ token, since }: Held, now: number): boolean => now - since < usableFor(token)

export const isOver = ({ token: { life }, since }: Held, now: number): boolean =>
  life !== undefined && now - since >= life

/** How long its successor is waited for before a token serves on. */
export const patienceOf = (held: Held | undefined): number =>
  Math.min(3000, ((held?.token.life ?? Number.NaN) - usableFor(held?.token ?? NO_TOKEN)) / 2 || 3000)

/** An issuer that has not answered for so long counts as out. */
export const isSlow = ({ timerStart, patience }: Fetch): boolean => Date.now() - timerStart >= patience

/** While no other can be had a token is used to its very end. */
const isLastResort = (slot: Slot, now: number): boolean =>
  slot.failuresInRow > 0 || !mayFetch(slot, now) || (slot.flight !== undefined && isSlow(slot.flight))

/** The token that a request gets without waiting. */
export function served(slot: Slot, now: number): Token | undefined {
  const { held } = slot
  if (!held) return undefined
  return isUsable(held, now) || (!isOver(held, now) && isLastResort(slot, now)) ? held.token : undefined
}

/** A token is used for a second before it is renewed, whatever the issuer wishes. */
export function isStale({ token, since }: Held, now: number): Sure {
  const { life = Number.POSITIVE_INFINITY, refreshIn } = token
  const ahead = life === Number.POSITIVE_INFINITY ? 0 : Math.min(5 * 60_000, 0.25 * life)
  const [from, to] =
    refreshIn === undefined ? [life - 1.1 * ahead, life - 0.9 * ahead] : [refreshIn, refreshIn]
  const latest = usableFor(token)
  return between(now - since, Math.min(latest, Math.max(1000, from)), Math.min(latest, Math.max(1000, to)))
}

/** How many tokens failed or were refused within the window that ends now. */
export const recent = ({ spends }: Slot, kind: 'failure' | 'refusal', now: number): number =>
  spends.filter(({ at, by }) => by === kind && at <= now && now - at < WINDOW).length

/** When the budget and the issuer allow the next fetch. */
export function nextFetch(slot: Slot, now: number): number {
  const { lastFailure, waitUntil } = slot
  if (!lastFailure) return Math.max(waitUntil, now)
  const failures = recent(slot, 'failure', lastFailure.at)
  const gap = failures < 3 ? 0 : failures === 3 ? 2000 : 6000
  return Math.max(waitUntil, lastFailure.at + gap, now)
}

export const mayFetch = (slot: Slot, now: number): boolean => nextFetch(slot, now) <= now

/** May a token that still works be renewed? After a failure with a pause that doubles from one second to sixty. */
export function mayRenew(slot: Slot, now: number): Sure {
  if (!mayFetch(slot, now)) return 'no'
  if (!slot.lastFailure || slot.failuresInRow === 0) return 'yes'
  const { at, retryAfter } = slot.lastFailure
  if (retryAfter !== undefined) return between(now - at, retryAfter, retryAfter)
  const pause = Math.min(60_000, 1000 * 2 ** (slot.failuresInRow - 1))
  return between(now - at, pause * 0.9, pause * 1.1)
}

const between = (value: number, from: number, to: number): Sure =>
  value >= to ? 'yes' : value >= from ? 'perhaps' : 'no'

/** Why a fetch that somebody waits for is made. */
export const reasonOf = ({ wasRefused, held }: Slot): string =>
  wasRefused ? 'rejected' : held ? 'expired' : 'cold'

export function landed(slot: Slot, fetch: Fetch, token: Token, serial: number): void {
  slot.held = { token, since: fetch.startedAt, serial }
  slot.previous = token
  slot.wasRefused = false
  slot.failuresInRow = 0
}

export function failed(slot: Slot, now: number, retryAfter: number | undefined): void {
  slot.spends.push({ at: now, by: 'failure' })
  slot.failuresInRow += 1
  slot.lastFailure = { at: now, retryAfter }
  if (retryAfter !== undefined) slot.waitUntil = now + retryAfter
}

/** Until then a token is kept though it is refused. */
export function nextReplacement(slot: Slot, now: number): number {
  const oldest = slot.spends.filter(({ by }) => by === 'refusal').at(-MOST_REFUSALS)
  return Math.max(nextFetch(slot, now), oldest ? oldest.at + WINDOW : now)
}

/** Where fresh tokens are refused, too, more of them do not help. */
export function refused(slot: Slot, token: Token, now: number): 'late' | 'dropped' | 'too often' {
  if (slot.held?.token !== token) return 'late'
  if (!mayFetch(slot, now) || recent(slot, 'refusal', now) >= MOST_REFUSALS) return 'too often'
  slot.spends.push({ at: now, by: 'refusal' })
  slot.held = undefined
  slot.wasRefused = true
  return 'dropped'
}
