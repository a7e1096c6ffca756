import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios'
import { pageUrl, parseUrl } from './final-url'
import { type Attachment, joinCookies } from './outgoing-request'
import type { ProtectionSpace } from './protection-space'
import { headerOf } from './response-header'
import { type Target, targetAt } from './target'

/** What the http adapter shows to `beforeRedirect`: the options of the next request. */
interface RedirectOptions {
  protocol?: string
  hostname?: string
  port?: string | number
  path?: string
  pathname?: string
  search?: string
  href?: string
  headers: Record<string, unknown>
}

/**
 * For the http adapter: on each redirect the credentials are taken from a request that leaves the protection space, by
 * any name and in any place, and set on one that stays in it or comes back. It runs after the user's own hook, which
 * may have changed the target.
 */
export function guardRedirects(
  config: InternalAxiosRequestConfig,
  mayCarry: ProtectionSpace,
  attachments: readonly Attachment[],
): NonNullable<InternalAxiosRequestConfig['beforeRedirect']> {
  const users = config.beforeRedirect
  return (options, response, request) => {
    users?.(options, response, request)
    const next = options as RedirectOptions
    const url = targetOf(next)
    const carry = url !== undefined && mayCarry(targetAt(url), config)
    for (const { place, value } of attachments) {
      if (place.in === 'query') {
        if (url) goTo(next, carry ? withParam(url, place.name, value) : withoutParam(url, place.name))
      } else if (place.in === 'header') setField(next.headers, place.name, carry ? value : undefined)
      else setCookie(next.headers, place.name, value, carry)
    }
  }
}

function targetOf({ protocol, hostname = '', port, path = '/' }: RedirectOptions): URL | undefined {
  // Through a forward proxy the host is the proxy's and the path is the whole URL.
  if (/^https?:/i.test(path)) return parseUrl(path)
  const host = hostname.includes(':') && !hostname.startsWith('[') ? `[${hostname}]` : hostname
  return parseUrl(`${protocol}//${host}${port ? `:${port}` : ''}${path}`)
}

function setField(headers: Record<string, unknown>, name: string, value: string | undefined): void {
  for (const key of Object.keys(headers)) {
    if (key.toLowerCase() === name.toLowerCase()) Reflect.deleteProperty(headers, key)
  }
  if (value !== undefined) headers[name] = value
}

function setCookie(headers: Record<string, unknown>, name: string, value: string, carry: boolean): void {
  const key = Object.keys(headers).find((key) => key.toLowerCase() === 'cookie')
  const others = String(key ? headers[key] : '')
    .split(/; */)
    .filter((pair) => pair && pair !== `${name}=${value}`)
    .join('; ')
  setField(headers, 'Cookie', carry ? joinCookies(others, name, value) : others || undefined)
}

function goTo(next: RedirectOptions, url: URL): void {
  next.search = url.search
  next.pathname = url.pathname
  next.href = url.href
  next.path = /^https?:/i.test(next.path ?? '') ? url.href : url.pathname + url.search
}

// Only what has to change is written: the rest of the query goes out as the server wrote it.
function withParam(url: URL, name: string, value: string): URL {
  if (!url.searchParams.has(name))
    url.search += `${url.search ? '&' : '?'}${new URLSearchParams({ [name]: value }).toString()}`
  return url
}

/** The URL without this parameter: a server may have written into its redirect what it was sent. */
function withoutParam(url: URL, name: string): URL {
  const pairs = url.search.slice(1).split('&')
  const others = pairs.filter((pair) => !new URLSearchParams(pair).has(name))
  if (others.length < pairs.length) url.search = others.join('&')
  return url
}

/** For whoever follows the redirect, the interceptor before this one, say. */
export function cleanLocation(
  response: AxiosResponse,
  target: Target,
  attachments: readonly Attachment[],
): void {
  for (const { place } of attachments) {
    const location = place.in === 'query' ? headerOf(response, 'location') : undefined
    if (!location?.includes('?')) continue
    const to = parseUrl(location, target.url.href)
    if (to?.searchParams.has(place.name)) response.headers.location = withoutParam(to, place.name).href
  }
}

const REDIRECTS = new Set([301, 302, 303, 307, 308])
// What fetch itself takes off a request that changes its origin (WHATWG Fetch, HTTP-redirect fetch).
const OF_ONE_ORIGIN = ['Authorization', 'Proxy-Authorization', 'Cookie', 'Host']
const OF_THE_BODY = [
  'Content-Type',
  'Content-Length',
  'Content-Encoding',
  'Content-Language',
  'Content-Location',
]

/**
 * The config of the request that a redirect asks for, as fetch would make it, or undefined if the response is none. The
 * config must hold none of our credentials.
 */
export function redirected(
  config: InternalAxiosRequestConfig & { sensitiveHeaders?: readonly string[] },
  from: URL,
  response: AxiosResponse,
): InternalAxiosRequestConfig | undefined {
  const location = REDIRECTS.has(response.status) && headerOf(response, 'location')
  const to = location ? parseUrl(location, from.href) : undefined
  if (!to || !/^https?:$/.test(to.protocol)) return undefined
  // The baseURL stays: it tells the interceptors behind this one where the caller is at home, and no redirect moves that.
  const baseURL = config.baseURL || (pageUrl() ?? 'http://localhost')
  const next = {
    ...config,
    url: to.href,
    baseURL,
    allowAbsoluteUrls: true,
    params: undefined,
    headers: config.headers.concat(),
  }
  const method = (config.method ?? 'get').toUpperCase()
  const becomesGet =
    response.status === 303 ? !/^(GET|HEAD)$/.test(method) : response.status < 303 && method === 'POST'
  if (becomesGet) {
    Object.assign(next, { method: 'get', data: undefined })
    next.headers.delete(OF_THE_BODY)
  }
  if (to.origin !== from.origin) {
    Object.assign(next, { auth: undefined })
    next.headers.delete([...OF_ONE_ORIGIN, ...(config.sensitiveHeaders ?? [])])
  }
  return next
}
