import axios, { type AxiosAdapter, type InternalAxiosRequestConfig } from 'axios'
import type { AuthScheme } from './auth-scheme'
import { exchangeOf, type TravelOptions } from './exchange'
import { pageUrl } from './final-url'
import { assertFunction } from './option'
import type { UriOf } from './outgoing-request'
import type { ReplayMark } from './replay'
import { targeting } from './target'
import type { TokenParameters } from './tokens/token-parameters'
import type { Sender } from './transmission'

/** A synchronous axios request interceptor. */
export type AuthInterceptor = (config: InternalAxiosRequestConfig) => InternalAxiosRequestConfig

declare module 'axios' {
  interface AxiosRequestConfig {
    /**
     * `false`: this request goes out without the credentials of axios-auth-interceptors. Parameters: what this request
     * asks of its token, where a source fetches it; such tokens are held one by one.
     */
    authenticate?: false | TokenParameters | undefined
  }
}

type Adapter = InternalAxiosRequestConfig['adapter']

/** One request of a caller: through all our interceptors, and through all re-sends of its `error.config`. */
interface Journey extends ReplayMark {
  /** The adapter that the caller configured. */
  readonly base: Adapter
  over: boolean
  /** Is one of its schemes good for one URL only? Then all its interceptors take redirects by hand. */
  signsUrl: boolean
}

const JOURNEY = Symbol('journey')
type OurAdapter = AxiosAdapter & { readonly [JOURNEY]?: Journey }

const journeyOf = (adapter: Adapter): Journey | undefined => (adapter as OurAdapter | undefined)?.[JOURNEY]
const onJourney = (journey: Journey, adapter: AxiosAdapter): OurAdapter =>
  Object.assign(adapter, { [JOURNEY]: journey })

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
  const { answer, learn } = scheme as { answer?: unknown; learn?: unknown }
  assertFunction('answer', answer)
  assertFunction('learn', learn)
  const exchange = exchangeOf(scheme, options)
  const targetOf = targeting(HONOURS_ALLOW_ABSOLUTE_URLS)

  return (config) => {
    const known = journeyOf(config.adapter)
    // Somebody sends `error.config` again: start from the caller's adapter, for interceptors come and go.
    const isAgain = known?.over === true
    const inner = isAgain ? known.base : config.adapter
    const journey =
      known && !isAgain
        ? known
        : { base: inner, replayed: known?.replayed ?? false, over: false, signsUrl: false }
    if (scheme.signsUrl) journey.signsUrl = true

    config.adapter = onJourney(journey, async (final) => {
      try {
        const target = targetOf(final)
        // What is wrong with a URL that cannot be read, axios says best.
        const sending = target
          ? exchange(final, target, senderOf(inner, journey.base, final, journey.signsUrl), journey)
          : adapterOf(inner, final)(final)
        const response = await sending
        putBack(final, journey.base)
        return response
      } catch (error) {
        putBack(final, journey.replayed ? spent(journey) : journey.base)
        throw error
      } finally {
        journey.over = true
      }
    })
    return config
  }
}

/** The caller's config gets its own adapter back. */
function putBack(config: { adapter?: Adapter }, adapter: Adapter): void {
  config.adapter = adapter
}

/** The caller's adapter with a note: a request that failed and is sent again is still the same, and has had its replay. */
const spent = (journey: Journey): OurAdapter =>
  onJourney(journey, (config) => adapterOf(journey.base, config)(config))

// axios 1.8.0 to 1.8.2 know `allowAbsoluteUrls` in part of their adapters, older ones not at all.
const HONOURS_ALLOW_ABSOLUTE_URLS = !/^1\.(?:[0-7]|8\.[0-2])(?:\.|$)/.test(axios.VERSION)

const uriOf: UriOf = (url, { params, paramsSerializer }) =>
  axios.getUri({ url: url.href, params: params as unknown, ...(paramsSerializer && { paramsSerializer }) })

/** The adapter that a config names, as axios would find it. */
export function adapterOf(adapter: Adapter, config: InternalAxiosRequestConfig): AxiosAdapter {
  // The second argument, which the types leave out, carries `config.env` to the fetch adapter.
  const getAdapter = axios.getAdapter as (adapter: unknown, config: unknown) => AxiosAdapter
  return typeof adapter === 'function' ? adapter : getAdapter(adapter ?? axios.defaults.adapter, config)
}

function senderOf(
  inner: Adapter,
  base: Adapter,
  config: InternalAxiosRequestConfig,
  signsUrl: boolean,
): Sender {
  const adapter = adapterOf(inner, config)
  // In a browser no redirect is shown, even when asked for.
  const isOutside = pageUrl() === undefined
  return {
    adapter,
    uriOf,
    keepsConfig: typeof inner === 'function' && journeyOf(inner) === undefined,
    signsUrl: isOutside && signsUrl,
    followsUnseen: isOutside && isFetch(inner === base ? adapter : adapterOf(base, config), config),
  }
}

function isFetch(adapter: AxiosAdapter, config: InternalAxiosRequestConfig): boolean {
  // The most frequent answer first: to find the fetch adapter takes longer.
  if (adapter === httpAdapter()) return false
  try {
    return adapter === adapterOf('fetch', config)
  } catch {
    return false
  }
}

let http: AxiosAdapter | undefined

/** Undefined where there is none. */
function httpAdapter(): AxiosAdapter | undefined {
  try {
    http ??= axios.getAdapter('http')
  } catch {
    // Not Node.
  }
  return http
}
