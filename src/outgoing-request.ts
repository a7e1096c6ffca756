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
  attachments: Attachment[] = []
  #closed = false
  #headers: [name: string, before: unknown][] = []
  #fields: [name: string, before: unknown][] = []

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
    this.attachments.push({ place, value })
    if (place.in === 'query') this.override('params', withParam(this.config.params, place.name, value))
    else if (place.in === 'header') this.#setHeader(place.name, value)
    else this.#setHeader('Cookie', joinCookies(this.config.headers.get('Cookie'), place.name, value))
  }

  /** Sets a field of the config until `restore`. */
  override<Name extends keyof InternalAxiosRequestConfig>(
    name: Name,
    value: InternalAxiosRequestConfig[Name],
  ): void {
    this.#fields.push([name, this.config[name]])
    this.config[name] = value
  }

  /** Puts the config back to what it was before `attach` and `override`. */
  restore(): void {
    const { headers } = this.config
    for (const [name, before] of this.#headers.reverse()) {
      // Where there was none, ours stands under our own spelling: no need to look for it in any case.
      if (before === undefined) Reflect.deleteProperty(headers, name)
      else headers.set(name, before as string, true)
    }
    for (const [name, before] of this.#fields.reverse()) {
      if (before === undefined) Reflect.deleteProperty(this.config, name)
      else Object.assign(this.config, { [name]: before })
    }
    this.#headers = []
    this.#fields = []
    this.attachments = []
  }

  /** The caller has left: credentials that come later must not reach its config. */
  close(): void {
    this.restore()
    this.#closed = true
  }

  #hasUserInfo(): boolean {
    const { baseURL = '', url = '' } = this.config
    if (!baseURL.includes('@') && !url.includes('@')) return false
    return this.target.url.username !== '' || this.target.url.password !== ''
  }

  #setHeader(name: string, value: string): void {
    const { headers } = this.config
    const before: unknown = headers.get(name) ?? undefined
    this.#headers.push([name, before])
    if (before === undefined) headers[name] = value
    else headers.set(name, value, true)
  }
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

const cookieNames = (field: unknown): string[] =>
  typeof field === 'string' ? field.split(';').map((pair) => pair.slice(0, pair.indexOf('=')).trim()) : []

/** RFC 6265 section 4.2.1: one Cookie field, its pairs parted by `; `. */
export const joinCookies = (field: unknown, name: string, value: string): string =>
  typeof field === 'string' && field ? `${field}; ${name}=${value}` : `${name}=${value}`
