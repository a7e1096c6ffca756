import { finalUrl, isAbsolute, parseUrl, type UrlParts } from './final-url'
import { memoizeLast } from './memoize-last'

/** Where a request goes. */
export interface Target {
  readonly origin: string
  /** Without `params`. */
  readonly url: URL
}

export const targetAt = (url: URL): Target => ({ origin: url.origin, url })

// A base whose host is complete and plain: whatever path is joined to it, the origin stays.
const PLAIN_BASE = /^https?:\/\/[\w.-]+(?::\d+)?(?:[/?#]|$)/i

/**
 * Tells where requests go; undefined where the URL cannot be read. Parsing a URL would take longer than all the rest,
 * so for a path under a base only the origin of that base is known, once, and the URL is read when it is asked for.
 */
export function targeting(honoursAllowAbsoluteUrls: boolean): (parts: UrlParts) => Target | undefined {
  const originOf = memoizeLast((baseURL) =>
    PLAIN_BASE.test(baseURL) ? parseUrl(baseURL)?.origin : undefined,
  )
  return (parts) => {
    const origin = parts.baseURL && !isAbsolute(parts.url) ? originOf(parts.baseURL) : undefined
    if (origin !== undefined) return new TargetUnderBase(origin, parts)
    const url = finalUrl(parts, honoursAllowAbsoluteUrls)
    return url && targetAt(url)
  }
}

/** A relative URL under a plain base: whatever it is, it can be read. */
class TargetUnderBase implements Target {
  readonly origin: string
  readonly #parts: UrlParts
  #url: URL | undefined

  constructor(origin: string, parts: UrlParts) {
    this.origin = origin
    this.#parts = parts
  }

  get url(): URL {
    this.#url ??= finalUrl(this.#parts) as URL
    return this.#url
  }
}
