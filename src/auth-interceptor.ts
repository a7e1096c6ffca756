import axios, { type AxiosAdapter, type AxiosResponse, type InternalAxiosRequestConfig } from 'axios'
import type { AuthScheme } from './auth-scheme'
import { isOneShot, setAside } from './body'
import { AuthError, attachCause } from './errors'
import { type AuthEvent, type EventListener, emitter } from './events'
import { finalUrl } from './final-url'
import { handOver } from './outcome'
import { OutgoingRequest, type UriOf } from './outgoing-request'
import { type Patience, patienceOf } from './patience'
import { type Origins, protectionSpace } from './protection-space'
import { SeenResponse } from './seen-response'
import { type Sender, transmit } from './transmission'

/** Where credentials may travel, and who is told. All interceptors have these options. */
export interface TravelOptions {
  /**
   * Where the credentials may go: origins, or a function that is asked with the final URL. A plain-http origin must be listed.
   * @default the origin of the request's `baseURL`, if it is https or on this machine
   */
  readonly origins?: Origins | undefined
  /** Is told what happens to each request. What it throws is ignored. */
  readonly onEvent?: EventListener<AuthEvent> | undefined
}

/** A synchronous axios request interceptor. */
export type AuthInterceptor = (config: InternalAxiosRequestConfig) => InternalAxiosRequestConfig

declare module 'axios' {
  interface AxiosRequestConfig {
    /** `false`: this request goes out without the credentials of axios-auth-interceptors. */
    authenticate?: false | undefined
  }
}

/** One request of a caller: through all our interceptors, and through all re-sends of its `error.config`. */
interface Journey {
  /** The adapter that the caller configured. */
  readonly base: InternalAxiosRequestConfig['adapter']
  replayed: boolean
  over: boolean
}

const JOURNEY = Symbol('journey')
type OurAdapter = AxiosAdapter & { readonly [JOURNEY]?: Journey }

/**
 * Makes a request interceptor of a scheme. It only exchanges the adapter: what follows happens behind all interceptors
 * and transforms of the user, so they run once, and a replay sends the same bytes.
 *
 * @throws TypeError when the scheme or an option is of the wrong type
 * @example
 * api.interceptors.request.use(authInterceptor({
 *   authenticate: (request) => request.attach({ in: 'header', name: 'X-Signature' }, sign(request.method, request.url)),
 * }))
 */
export function authInterceptor(scheme: AuthScheme, options: TravelOptions = {}): AuthInterceptor {
  if (typeof (scheme as Partial<AuthScheme> | undefined)?.authenticate !== 'function') {
    throw new TypeError('`scheme` must be an object with a function `authenticate`')
  }
  const drive = driver(scheme, options)

  return (config) => {
    const known = (config.adapter as OurAdapter | undefined)?.[JOURNEY]
    // Another plugin sends `error.config` again: start from the caller's adapter, for interceptors come and go.
    const journey = known && !known.over ? known : { base: known ? known.base : config.adapter, replayed: known?.replayed ?? false, over: false }
    const inner = known?.over ? known.base : config.adapter
    config.adapter = ours(journey, async (final) => {
      try {
        const response = await drive(final, inner, journey)
        setAdapter(final, journey.base)
        return response
      } catch (error) {
        // A request that is sent again after a failure is still the same: it has had its replay.
        setAdapter(final, journey.replayed ? ours(journey, (again) => adapterOf(journey.base, again)(again)) : journey.base)
        throw error
      } finally {
        journey.over = true
      }
    })
    return config
  }
}

function setAdapter(config: InternalAxiosRequestConfig, adapter: InternalAxiosRequestConfig['adapter']): void {
  Object.assign(config, { adapter })
}

const ours = (journey: Journey, adapter: AxiosAdapter): OurAdapter => Object.assign(adapter, { [JOURNEY]: journey })

type Drive = (config: InternalAxiosRequestConfig, inner: InternalAxiosRequestConfig['adapter'], journey: Journey) => Promise<AxiosResponse>

/** Authenticates, sends, and if the scheme says that it is worth it, authenticates anew and sends once more. */
function driver(scheme: AuthScheme, options: TravelOptions): Drive {
  const spaceOf = protectionSpace(options.origins)
  const asksForUrl = typeof options.origins === 'function'
  const emit = emitter(options.onEvent)

  return async (config, inner, journey) => {
    const sender = senderOf(inner, journey.base, config)
    const target = finalUrl(config, HONOURS_ALLOW_ABSOLUTE_URLS)
    if (!target) return sender.adapter(config) // axios says what is wrong with this URL
    const { origin } = target
    const skip = (reason: 'origin' | 'own-credentials' | 'opted-out'): void => emit({ type: 'skipped', reason, origin })
    if (config.authenticate === false) {
      skip('opted-out')
      return sender.adapter(config)
    }
    const mayCarry = spaceOf(config)
    if (!mayCarry(asksForUrl ? new URL(uriOf(target, config)) : target)) {
      skip('origin')
      return sender.adapter(config)
    }

    const request = new OutgoingRequest(config, target, uriOf)
    const patience = patienceOf(config)
    try {
      await authenticate(scheme, request, patience)
      const isAttached = request.attachments.length > 0
      if (!isAttached) skip('own-credentials')
      const outcome = await transmit(request, sender, mayCarry)
      if (!isAttached || !outcome.response || !scheme.answer) return handOver(outcome)

      const response = new SeenResponse(outcome.response)
      const isWorthIt = await scheme.answer(response, request)
      if (isWorthIt) emit({ type: 'refused', status: response.status, origin })
      if (!isWorthIt || journey.replayed || isOneShot(config.data)) return handOver(outcome)

      const aside = setAside(outcome.response.data)
      try {
        await authenticate(scheme, request, patience)
      } catch (failure) {
        patience.left()
        // The refusal stands, as the caller would see it without us.
        if (aside) outcome.response.data = await aside.restore()
        if (outcome.failed?.error instanceof Error) attachCause(outcome.failed.error, failure)
        return handOver(outcome)
      }
      aside?.discard()
      limit(request, patience)
      journey.replayed = true
      emit({ type: 'replayed', origin })
      return handOver(await transmit(request, sender, mayCarry))
    } finally {
      request.close()
    }
  }
}

async function authenticate(scheme: AuthScheme, request: OutgoingRequest, patience: Patience): Promise<void> {
  try {
    const pending = scheme.authenticate(request)
    if (!pending) return
    await patience.wait(Promise.resolve(pending))
    limit(request, patience)
  } catch (error) {
    throw error instanceof AuthError && !error.config ? error.of(request.config) : error
  }
}

/** The caller's `timeout` is for everything: what waiting took is no longer there for sending. */
function limit(request: OutgoingRequest, patience: Patience): void {
  const left = patience.left()
  if (left === undefined) return
  const { timeout, timeoutErrorMessage } = request.config
  request.override('timeoutErrorMessage', timeoutErrorMessage ?? `timeout of ${timeout}ms exceeded`)
  request.override('timeout', left)
}

// axios 1.8.0 to 1.8.2 know `allowAbsoluteUrls` in part of their adapters, older ones not at all.
const HONOURS_ALLOW_ABSOLUTE_URLS = !/^1\.(?:[0-7]|8\.[0-2])(?:\.|$)/.test(axios.VERSION)

const uriOf: UriOf = (target, { params, paramsSerializer }) =>
  axios.getUri({ url: target.href, params, ...(paramsSerializer && { paramsSerializer }) })

function adapterOf(adapter: InternalAxiosRequestConfig['adapter'], config: InternalAxiosRequestConfig): AxiosAdapter {
  // The second argument, which the types leave out, carries `config.env` to the fetch adapter.
  const getAdapter = axios.getAdapter as (adapter: unknown, config: unknown) => AxiosAdapter
  return typeof adapter === 'function' ? adapter : getAdapter(adapter ?? axios.defaults.adapter, config)
}

function senderOf(
  inner: InternalAxiosRequestConfig['adapter'],
  base: InternalAxiosRequestConfig['adapter'],
  config: InternalAxiosRequestConfig,
): Sender {
  const isOurs = (inner as OurAdapter | undefined)?.[JOURNEY] !== undefined
  return {
    adapter: adapterOf(inner, config),
    keepsConfig: typeof inner === 'function' && !isOurs,
    hidesRedirects: isFetch(adapterOf(base, config), config),
  }
}

/** In a browser the answer is no: there fetch does not show a redirect even when asked to. */
function isFetch(adapter: AxiosAdapter, config: InternalAxiosRequestConfig): boolean {
  if (globalThis.location !== undefined) return false
  try {
    return adapter === adapterOf('fetch', config)
  } catch {
    return false
  }
}
