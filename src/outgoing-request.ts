import type { InternalAxiosRequestConfig } from 'axios'
import type { AuthRequest, CredentialsPlace } from './auth-scheme'
import type { Target } from './target'

/** Credentials as they stand in a request. */
export interface Attachment {
  readonly place: CredentialsPlace
  readonly value: string
}

/** The whole URL: with the config's `params`, as axios writes them. */
export type UriOf = (url: URL, config: InternalAxiosRequestConfig) => string

/**
 * A request on its way through a scheme. It changes the config in hand, since a copy for each request is what would
 * cost time, and `restore` puts everything back before the caller sees that config again.
 */
export class OutgoingRequest implements AuthRequest {
  readonly config: InternalAxiosRequestConfig
  readonly target: Target
  readonly uriOf: UriOf
  carries: unknown
  attachments: readonly Attachment[] = NONE
  #closed = false
  #changes: Change | undefined

  constructor(config: InternalAxiosRequestConfig, target: Target, uriOf: UriOf) {
    this.config = config
    this.target = target
    this.uriOf = uriOf
  }

  get method(): string {
    return (this.config.method ?? 'get').toUpperCase()
  }

  get url(): string {
    return this.uriOf(this.target.url, this.config)
  }

  get body(): unknown {
    return this.config.data as unknown
  }

  get signal(): InternalAxiosRequestConfig['signal'] {
    return this.config.signal
  }

  brings(place: CredentialsPlace): boolean {
    const { config } = this
    if (place.in === 'query')
      return hasParam(config.params, place.name) || this.target.url.searchParams.has(place.name)
    if (place.in === 'cookie') return cookieNames(config.headers.get('Cookie')).includes(place.name)
    if (config.headers.has(place.name)) return true
    // axios makes Basic credentials of these, and they replace any Authorization header.
    return place.name.toLowerCase() === 'authorization' && Boolean(config.auth || this.#hasUserInfo())
  }

  attach(place: CredentialsPlace, value: string): void {
    if (this.#closed || this.brings(place)) return
    this.attachments = [...this.attachments, { place, value }]
    const { config } = this
    if (place.in === 'query') this.override('params', withParam(config.params, place.name, value))
    else if (place.in === 'header') this.#change(config.headers, keyIn(config.headers, place.name), value)
    else {
      const name = keyIn(config.headers, 'Cookie')
      this.#change(config.headers, name, joinCookies(config.headers[name], place.name, value))
    }
  }

  /** Sets a field of the config until `restore`. */
  override<Name extends keyof InternalAxiosRequestConfig>(
    name: Name,
    value: InternalAxiosRequestConfig[Name],
  ): void {
    this.#change(this.config as unknown as Record<string, unknown>, name, value)
  }

  /** Puts the config back to what it was before `attach` and `override`. */
  restore(): void {
    for (let change = this.#changes; change; change = change.earlier) {
      const { object, name, before } = change
      if (before === undefined) Reflect.deleteProperty(object, name)
      else object[name] = before
    }
    this.#changes = undefined
    this.attachments = NONE
  }

  /** The caller has left: credentials that come later must not reach its config. */
  close(): void {
    this.restore()
    this.#closed = true
  }

  #hasUserInfo(): boolean {
    const { baseURL = '', url = '' } = this.config
    if (!baseURL.includes('@') && !url.includes('@')) return false
    return this.target.url.username !== ''
  }

  #change(object: Record<string, unknown>, name: string, value: unknown): void {
    this.#changes = { object, name, before: object[name], earlier: this.#changes }
    object[name] = value
  }
}

const NONE: readonly Attachment[] = []

/** A property as it was before: the last change first. */
interface Change {
  readonly object: Record<string, unknown>
  readonly name: string
  readonly before: unknown
  readonly earlier: Change | undefined
}

const hasParam = (params: unknown, name: string): boolean =>
  params instanceof URLSearchParams
    ? params.has(name)
    : (Object(params) as Record<string, unknown>)[name] !== undefined

function withParam(params: unknown, name: string, value: string): unknown {
  if (!(params instanceof URLSearchParams)) return { ...Object(params), [name]: value }
  const copy = new URLSearchParams(params)
  copy.set(name, value)
  return copy
}

/** As it stands there, in whatever case: a header that is undefined counts as none, and axios writes into its key. */
function keyIn(headers: object, name: string): string {
  const wanted = name.toLowerCase()
  return Object.keys(headers).find((key) => key.toLowerCase() === wanted) ?? name
}

const cookieNames = (field: unknown): string[] =>
  cookiesOf(field)
    .split(';')
    .map((pair) => pair.slice(0, pair.indexOf('=')).trim())

/** RFC 6265 section 4.2.1: one Cookie field, its pairs parted by `; `. */
export const joinCookies = (field: unknown, name: string, value: string): string =>
  [cookiesOf(field), `${name}=${value}`].filter(Boolean).join('; ')

const cookiesOf = (field: unknown): string =>
  Array.isArray(field) ? field.join('; ') : typeof field === 'string' ? field : ''
