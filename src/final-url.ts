/** The parts of an axios config that make up the URL. */
export interface UrlParts {
  readonly baseURL?: string | undefined
  readonly url?: string | undefined
  readonly allowAbsoluteUrls?: boolean | undefined
}

// How axios itself tells an absolute URL: on the raw text, so a tab or a backslash in it makes it a path.
const ABSOLUTE = /^([a-z][a-z\d+\-.]*:)?\/\//i

export const isAbsolute = (url: string | undefined): boolean => typeof url === 'string' && ABSOLUTE.test(url)

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
  return parseUrl(joined, pageUrl())
}

export function parseUrl(url: string, base?: string): URL | undefined {
  try {
    return new URL(url, base)
  } catch {
    return undefined
  }
}

/** What relative URLs are relative to: the page, or outside a browser (a socket path, a mock) this very machine. */
function pageUrl(): string {
  const page = globalThis.document?.baseURI ?? globalThis.location?.href
  return page && /^https?:/.test(page) ? page : 'http://localhost'
}
