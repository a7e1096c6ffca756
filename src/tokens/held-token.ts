import { AccessToken } from './access-token'
import type { Clock, Stamp } from './clock'
import { type PolicyOptions, scheduleOf, stateAt, type TokenState } from './renewal-policy'
import type { ReadToken } from './token-response'

/** A token with its life. */
export interface HeldToken {
  readonly token: AccessToken
  state(): TokenState
  /** Expired is a little earlier than over. */
  isOver(): boolean
  /** How long to wait for its successor before it serves on, in milliseconds. */
  readonly patience: number
}

/** The moment before a token was asked for, from which its life is counted: when it was granted, nobody here can know. */
export interface Asked {
  readonly stamp: Stamp
  /** The wall clock. */
  readonly now: number
}

export interface HoldSettings extends PolicyOptions {
  readonly clock: Clock
  readonly random: () => number
  readonly nextSerial: () => number
}

export function holdToken(
  { value, life, renewAfter, extra }: ReadToken,
  { stamp, now }: Asked,
  settings: HoldSettings,
): HeldToken {
  const schedule = scheduleOf(life, renewAfter, settings, settings.random)
  return {
    token: new AccessToken(settings.nextSerial(), value, expiry(now, life), extra),
    state: () => stateAt(settings.clock.since(stamp), schedule),
    isOver: () => settings.clock.since(stamp) >= schedule.life,
    // Half of the time between expired and over, so that something is left of it. Without an end there is no such time.
    patience: Math.min(MOST_PATIENCE, (schedule.life - schedule.usableFor) / 2 || MOST_PATIENCE),
  }
}

/** An issuer that has not answered for so long counts as out, for whoever has another token. Milliseconds. */
const MOST_PATIENCE = 3000

// What a Date can hold. A life beyond it has no end.
const END_OF_TIME = 8.64e15

const expiry = (now: number, life: number | undefined): number | undefined =>
  life === undefined || now + life > END_OF_TIME ? undefined : now + life
