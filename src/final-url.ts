/** The parts of an axios config that make up the URL. */
export interface UrlParts {
  readonly baseURL?: string | undefined
  readonly url?: string | undefined
  readonly allowAbsoluteUrls?: boolean | undefined
}

// How axios itself tells an absolute URL: on the raw text, so a tab or a backslash in it makes it a path.
const ABSOLUTE = /^([a-z][a-z\d+\-.]*:)?\/\//i

export const isAbsolute = (url: string | undefined): boolean => url !== undefined && ABSOLUTE.test(url)

/**
 * The URL that axios will request, without `params`, as the platform's own parser reads it; undefined if that fails.
 * It joins as axios does. Where a version of axios ignores `allowAbsoluteUrls` the absolute URL is what counts.
 */
export function finalUrl(
  { baseURL, url, allowAbsoluteUrls }: UrlParts,
  honoursAllowAbsoluteUrls = true,
): URL | undefined {
  const joins = baseURL && (!isAbsolute(url) || (allowAbsoluteUrls === false && honoursAllowAbsoluteUrls))
  const joined = joins
    ? url
      ? `${baseURL.replace(/\/+$/, '')}/${url.replace(/^\/+/, '')}`
      : baseURL
    : (url ?? '')
  const page = pageUrl()
  if (page !== undefined) return parseUrl(joined, page)
  // Outside a browser a relative URL (to a socket path, to a mock) stays on this machine. `http:host` is not relative.
  return parseUrl(joined) ?? parseUrl(joined, 'http://localhost')
}

export function parseUrl(url: string, base?: string): URL | undefined {
  try {
    return new URL(url, base)
  } catch {
    return undefined
  }
}

/** The page's URL, in a browser. */
export function pageUrl(): string | undefined {
  const { document, location } = globalThis as { document?: { baseURI: string }; location?: { href: string } }
  const url = document?.baseURI ?? location?.href
  return url && /^https?:/.test(url) ? url : undefined
}
