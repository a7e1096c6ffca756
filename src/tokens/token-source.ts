import type { AxiosRequestConfig } from 'axios'
import QuickLRU from 'quick-lru'
import { AuthError } from '../errors'
import { type EventListener, emitter } from '../events'
import { assertFunction, assertOptions, kindOf } from '../option'
import { Patience } from '../patience'
import type { AccessToken } from './access-token'
import { clockOf } from './clock'
import type { PolicyOptions } from './renewal-policy'
import type { SlotSnapshot } from './slot-snapshot'
import type { TokenEvent } from './token-event'
import type { FetchContext, FetchToken } from './token-fetch'
import { keyOfParameters } from './token-parameters'
import { type SlotSettings, type TokenSlot, tokenSlot } from './token-slot'

/** How tokens are fetched, named and watched. */
export interface TokenSourceOptions extends PolicyOptions {
  /**
   * How long a fetch may take, in milliseconds.
   * @default 30_000, or longer where the fetch waits for a person (the device grant)
   */
  readonly timeout?: number | undefined
  /**
   * Names the token that a request needs, where one source holds several: for a tenant, an audience. The name shows in
   * events and in `inspect()`: of a secret, give a hash.
   * @default one token for all requests
   */
  readonly key?: ((config: TokenDemand) => string) | undefined
  /** Is told what happens to the tokens. What it throws is ignored. */
  readonly onEvent?: EventListener<TokenEvent> | undefined
  /** The wall clock, for tests, in milliseconds. @default Date.now */
  readonly now?: (() => number) | undefined
  /** The random source of the jitter, for tests: from 0 to 1. @default Math.random */
  readonly random?: (() => number) | undefined
}

/** What a request has to say to a source: its `signal`, `cancelToken`, `timeout` and `authenticate`, and what `key` reads. */
export type TokenDemand = AxiosRequestConfig

/** Holds a token, and fetches it when one is needed. Share a source between all instances that use the same token. */
export interface TokenSource {
  /** The held token, or the one that a fetch brings, shared with all who wait. Rejects with an {@link AuthError}. */
  get(demand?: TokenDemand): Promise<AccessToken>
  /** Fetches a new token even if one is held. */
  renew(demand?: TokenDemand): Promise<AccessToken>
  /** The held token if it may be used now. If its renewal is due, that starts behind it. */
  current(demand?: TokenDemand): AccessToken | undefined
  /** The API refused this token: drops it, if it is still the one held. False if a new one would not be asked for. */
  reject(token: AccessToken, demand?: TokenDemand): boolean
  /** Forgets all tokens (log-out). Who waits for one gets an error, and a fetch in flight cannot bring one back. */
  clear(): void
  /** Is this the signal of one of its own fetches? The token request must not wait for the token. */
  isFetch(signal: unknown): boolean
  /** The state of all tokens, for debugging, without their values. */
  inspect(): SlotSnapshot[]
}

const OPTIONS = ['leeway', 'renewAhead', 'timeout', 'key', 'onEvent', 'now', 'random']
const DEFAULT_TIMEOUT = 30_000
// What setTimeout can hold.
const LONGEST_TIMEOUT = 2 ** 31 - 1
/** Tokens that are not used are dropped from so many keys on: the least recently used first. */
const MOST_KEYS = 1000

/**
 * Memoizes a fetch of a token until shortly before it expires; one fetch serves all who wait for it.
 *
 * @throws TypeError when an argument is of the wrong type
 * @example
 * const source = tokenSource(clientCredentials(issuer, { url: '/oauth2/token' }))
 * api.interceptors.request.use(bearerAuth(source))
 * uploads.interceptors.request.use(bearerAuth(source))
 */
export function tokenSource(fetchToken: FetchToken, options: TokenSourceOptions = {}): TokenSource {
  const settings = settingsOf(fetchToken, options)
  const keyOf = options.key ?? (() => '')
  const slots = new QuickLRU<string, TokenSlot>({ maxSize: MOST_KEYS })

  function slotFor(demand: TokenDemand): TokenSlot {
    const wanted: unknown = keyOf(demand)
    if (typeof wanted !== 'string')
      throw new AuthError(`\`key\` must give a string, not ${kindOf(wanted)}`, 'ERR_AUTH_CREDENTIALS')
    const parameters = demand.authenticate || undefined
    const asked = parameters && keyOfParameters(parameters)
    // Parted by a blank, which a URL does not hold: most keys are made of one.
    const key = asked ? `${wanted} ?${asked}`.trimStart() : wanted
    return slots.get(key) ?? newSlot(key, { key: wanted, parameters: parameters ?? {} })
  }

  function newSlot(key: string, wanted: Pick<FetchContext, 'key' | 'parameters'>): TokenSlot {
    const slot = settings.fetching.get(key) ?? tokenSlot(key, wanted, settings)
    slots.set(key, slot)
    return slot
  }

  return {
    async get(demand = {}) {
      const slot = slotFor(demand)
      return slot.current() ?? new Patience(demand).wait(slot.fetch())
    },
    async renew(demand = {}) {
      return new Patience(demand).wait(slotFor(demand).renew())
    },
    current: (demand = {}) => slotFor(demand).current(),
    reject: (token, demand = {}) => slotFor(demand).reject(token),
    clear() {
      const cleared = new Set([...slots.values(), ...settings.fetching.values()])
      settings.fetching.clear()
      slots.clear()
      for (const slot of cleared) slot.close()
      settings.emit({ type: 'cleared' })
    },
    isFetch: (signal) => settings.signals.has(Object(signal) as object),
    inspect: () => [...slots.values()].map((slot) => slot.inspect()),
  }
}

function settingsOf(fetchToken: FetchToken, options: TokenSourceOptions): SlotSettings {
  if (typeof fetchToken !== 'function')
    throw new TypeError(`\`fetchToken\` must be a function, not ${kindOf(fetchToken)}`)
  assertOptions('options', options, OPTIONS)
  const { leeway, renewAhead, key, onEvent, now, random = Math.random } = options
  const { timeout = fetchToken.timeout ?? DEFAULT_TIMEOUT } = options
  assertDuration('leeway', leeway)
  assertDuration('renewAhead', renewAhead)
  assertDuration('timeout', timeout)
  if (timeout === 0) throw new TypeError('`timeout` must be more than 0 ms')
  for (const [name, value] of Object.entries({ key, now, random })) assertFunction(name, value)
  let serial = 0
  return {
    fetchToken,
    leeway,
    renewAhead,
    timeout,
    // A clock that was given stands alone: the steady one would go on while it is held.
    clock: now ? clockOf(now, () => 0) : clockOf(),
    random,
    emit: emitter(onEvent),
    nextSerial: () => (serial += 1),
    signals: new WeakSet(),
    fetching: new Map(),
  }
}

function assertDuration(name: string, value: unknown): void {
  if (value === undefined || (typeof value === 'number' && value >= 0 && value <= LONGEST_TIMEOUT)) return
  throw new TypeError(`\`${name}\` must be a number of milliseconds from 0 to ${LONGEST_TIMEOUT}`)
}
