import type { InternalAxiosRequestConfig } from 'axios'
import { AuthError } from './errors'
import { finalUrl, isAbsolute, pageUrl, parseUrl } from './final-url'
import { kindOf } from './option'

/**
 * Where credentials may go: origins such as `https://api.example.com`, or a function that is asked with the final URL.
 */
export type Origins = string | readonly string[] | ((url: URL) => boolean)

/** May a request to this URL carry the credentials? */
export type ProtectionSpace = (url: URL) => boolean

/**
 * The protection space (RFC 9110 section 11.5) of a request. A list or function of the user's holds for all requests;
 * without one it is the origin of the request's own `baseURL`, if that is https or on this machine.
 */
export function protectionSpace(
  origins: Origins | undefined,
): (config: InternalAxiosRequestConfig) => ProtectionSpace {
  if (typeof origins === 'function') {
    const space = askedOf(origins)
    return () => space
  }
  if (origins !== undefined) {
    const listed = new Set((typeof origins === 'string' ? [origins] : origins).map(originOf))
    if (listed.size === 0)
      throw new TypeError('`origins` must list at least one origin, such as "https://api.example.com"')
    const space: ProtectionSpace = (url) => listed.has(url.origin)
    return () => space
  }
  return ownOrigin
}

function askedOf(predicate: (url: URL) => boolean): ProtectionSpace {
  return (url) => {
    const answer: unknown = predicate(url)
    if (typeof answer !== 'boolean') {
      throw new AuthError(`\`origins\` must answer true or false, not ${kindOf(answer)}`, 'ERR_AUTH_ORIGIN')
    }
    return answer
  }
}

function originOf(entry: unknown): string {
  const url = typeof entry === 'string' ? parseUrl(entry) : undefined
  const isOrigin =
    url && /^https?:$/.test(url.protocol) && url.pathname === '/' && !url.search && !url.hash && !url.username
  if (!isOrigin || url.hostname.includes('*')) {
    throw new TypeError(
      `\`origins\` must hold origins such as "https://api.example.com", without a path or wildcard, or be a function of the URL; got ${JSON.stringify(url?.origin ?? typeof entry)}`,
    )
  }
  return url.origin
}

/** The origin that a request names by its own `baseURL`, or the page's. */
function ownOrigin(config: InternalAxiosRequestConfig): ProtectionSpace {
  if (!config.baseURL && isAbsolute(config.url)) {
    throw refusal(config, 'the request has an absolute URL and no `baseURL`')
  }
  const base = finalUrl(config.baseURL ? { baseURL: config.baseURL } : { url: config.url })
  return (url) => {
    if (url.origin !== base?.origin) return false
    if (
      base.protocol === 'https:' ||
      isLoopback(base.hostname) ||
      base.origin === parseUrl(pageUrl() ?? '')?.origin
    )
      return true
    throw refusal(config, `${base.origin} is not https`)
  }
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

const isLoopback = (hostname: string): boolean =>
  /^(?:localhost|.+\.localhost|127(?:\.\d+){3}|\[::1\])$/.test(hostname)
