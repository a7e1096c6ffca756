import type { InternalAxiosRequestConfig } from 'axios'
import { AuthError } from './errors'
import { finalUrl, isAbsolute, pageUrl, parseUrl } from './final-url'
import { memoizeLast } from './memoize-last'
import { kindOf } from './option'
import type { Target } from './target'

/**
 * Where credentials may go: origins such as `https://api.example.com`, or a function that is asked with the final URL.
 */
export type Origins = string | readonly string[] | ((url: URL) => boolean)

/** May the credentials of this request go there? */
export type ProtectionSpace = (target: Target, config: InternalAxiosRequestConfig) => boolean

/**
 * The protection space: RFC 9110 section 11.5. A list or function of the user's holds for all requests; without one it
 * is the origin of the request's own `baseURL`, if that is https or on this machine.
 */
export function protectionSpace(origins: Origins | undefined): ProtectionSpace {
  if (origins === undefined) return ownOrigin()
  if (typeof origins === 'function') return ({ url }) => askedOf(origins, url)
  if (typeof origins !== 'string' && !Array.isArray(origins)) {
    throw new TypeError(
      `\`origins\` must be a list of origins, or a function of the URL, not ${kindOf(origins)}`,
    )
  }
  const listed = new Set((typeof origins === 'string' ? [origins] : origins).map(originOf))
  if (listed.size > 0) return ({ origin }) => listed.has(origin)
  throw new TypeError('`origins` must list at least one origin, such as "https://api.example.com"')
}

function askedOf(predicate: (url: URL) => boolean, url: URL): boolean {
  const answer: unknown = predicate(url)
  if (typeof answer === 'boolean') return answer
  throw new AuthError(`\`origins\` must answer true or false, not ${kindOf(answer)}`, 'ERR_AUTH_ORIGIN')
}

/** What was given, unless a password may be in it. */
const shown = (entry: unknown): string =>
  typeof entry === 'string' && !entry.includes('@') ? JSON.stringify(entry) : kindOf(entry)

/** An origin as it was listed in an option. */
export function originOf(entry: unknown): string {
  const url = typeof entry === 'string' ? parseUrl(entry) : undefined
  const isOrigin =
    url &&
    /^https?:$/.test(url.protocol) &&
    url.pathname === '/' &&
    !url.search &&
    !url.hash &&
    !url.username &&
    !url.password
  if (!isOrigin || url.hostname.includes('*')) {
    throw new TypeError(
      `\`origins\` must hold origins such as "https://api.example.com", without a path or wildcard, or be a function of the URL; got ${shown(entry)}`,
    )
  }
  return url.origin
}

/** The origin that a request names by its own `baseURL`, or the page's. */
function ownOrigin(): ProtectionSpace {
  const homeAt = memoizeLast(homeOf)
  return ({ origin }, config) => {
    if (!config.baseURL && isAbsolute(config.url)) {
      throw refusal(config, 'the request has an absolute URL and no `baseURL`')
    }
    const home = homeAt(config.baseURL ?? '')
    if (origin !== home.origin) return false
    if (home.isSafe) return true
    throw refusal(config, `${origin} is not https`)
  }
}

function homeOf(baseURL: string): { readonly origin: string | undefined; readonly isSafe: boolean } {
  const base = finalUrl({ baseURL })
  const isSafe =
    base?.protocol === 'https:' ||
    isLoopback(base?.hostname ?? '') ||
    base?.origin === parseUrl(pageUrl() ?? '')?.origin
  return { origin: base?.origin, isSafe }
}

function refusal(config: InternalAxiosRequestConfig, why: string): AuthError {
  const url = finalUrl(config)
  const example = url && /^https?:$/.test(url.protocol) ? url.origin : 'https://api.example.com'
  return new AuthError(
    `The credentials were not sent, for ${why}. If they may go there, list it: { origins: ["${example}"] }`,
    'ERR_AUTH_ORIGIN',
    { config },
  )
}

/** On this machine? */
export const isLoopback = (hostname: string): boolean =>
  /^(?:localhost|.+\.localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname)
