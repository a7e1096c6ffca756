import type { InternalAxiosRequestConfig } from 'axios'
import type { Challenge } from './challenge'

/**
 * An auth-scheme (RFC 9110 section 11.1): how credentials are attached to a request, and what a refusal means.
 *
 * A scheme is a plain object. It never sends anything: the library does, and guarantees at most one replay, that a body is
 * never sent half, that the caller's abort is obeyed, and that the caller sees no secret.
 */
export interface AuthScheme {
  /** Attaches the credentials. Give a promise only when something has to be fetched first. */
  authenticate(request: AuthRequest): void | Promise<void>
  /**
   * Are the credentials good for one URL only, as a signature is? Then each redirect is authenticated anew.
   * @default false
   */
  readonly signsUrl?: boolean | undefined
  /**
   * Takes note of what any response says for the next request (a nonce), a replay's and a redirect's, too. True: that is
   * all that was missing, so the request is sent again; once, and without this being the replay.
   */
  learn?(response: AuthResponse, request: AuthRequest): boolean
  /** Reads the response: is the same request, authenticated anew, worth sending once more? Absent: never. */
  answer?(response: AuthResponse, request: AuthRequest): boolean | Promise<boolean>
}

/** Where credentials stand in a request, in the words of OpenAPI. */
export interface CredentialsPlace {
  /** The part of the request. */
  readonly in: 'header' | 'query' | 'cookie'
  /** Name of the header, query parameter or cookie. */
  readonly name: string
}

/** What a scheme sees of a request, and may do to it. */
export interface AuthRequest {
  /** In upper case. */
  readonly method: string
  /** The URL that will be requested, after all interceptors, with its query. */
  readonly url: string
  /** The body as it will be sent. */
  readonly body: unknown
  /** The caller's own. */
  readonly signal: InternalAxiosRequestConfig['signal']
  /** The caller's config, for keys of a single request. Read it; what is written here is not taken back. */
  readonly config: InternalAxiosRequestConfig
  /** What this send carries: the scheme's own note, for its `answer` and `learn`. */
  carries?: unknown
  /** Did the request come with credentials of its own in this place? They are kept. */
  brings(place: CredentialsPlace): boolean
  /** Sends the value in this place, for this send only. Does nothing where the request brings its own. */
  attach(place: CredentialsPlace, value: string): void
}

/** What a scheme sees of a response. */
export interface AuthResponse {
  /** The HTTP status. */
  readonly status: number
  /** A response header by its name in any case. */
  header(name: string): string | undefined
  /** The body. If it is JSON it is parsed, though axios has not come to that yet. */
  readonly data: unknown
  /** The challenges of `WWW-Authenticate`: RFC 9110 section 11.6.1. */
  readonly challenges: readonly Challenge[]
}
