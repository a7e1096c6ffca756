import type { AxiosAdapter, AxiosInstance, AxiosResponse, InternalAxiosRequestConfig } from 'axios'
import { adapterOf } from '../auth-interceptor'
import { AuthError } from '../errors'
import { outcomeOf } from '../outcome'
import { isLoopback } from '../protection-space'
import { headerOf } from '../response-header'
import { wasLost } from '../tokens/lost-answer'
import { isResponse, isSuccess } from '../tokens/token-failure'

/** A request as oauth4webapi hands it to fetch. */
export interface FetchInit {
  readonly method: string
  readonly headers: Record<string, string>
  readonly body?: URLSearchParams | undefined
}
export type Fetch = (url: string, init: FetchInit) => Promise<Response>

/** Has oauth4webapi compose a request, which it hands to the fetch that it is given. */
export type Compose = (fetch: Fetch) => Promise<Response>

/** How the server is reached. */
export interface Way {
  readonly client: AxiosInstance
  /** The origins that may be asked though they are plain http. */
  readonly origins: ReadonlySet<string>
}

export interface SendOptions {
  /** Ends the request, and tells the interceptor of the token's own source that it must not wait for that token. */
  readonly signal?: AbortSignal | undefined
  /** Does it use up what it carries, a refresh token or a code? Then it is not sent again when its answer was lost. */
  readonly isSpending?: boolean | undefined
  /** Is nobody authenticated by it? */
  readonly isPublic?: boolean | undefined
}

// Milliseconds.
const LONGEST = 30_000

/**
 * Sends a request of oauth4webapi through the user's axios instance: with its proxies, agents, interceptors, timeouts
 * and retries. What a retry sends is composed anew, for an assertion or a proof must not go out twice.
 */
export async function sendThrough(
  { client, origins }: Way,
  compose: Compose,
  options: SendOptions,
): Promise<{ answer: AxiosResponse; response: Response }> {
  let answer: AxiosResponse | undefined
  const response = await compose(async (url, { method, headers, body }) => {
    assertSafe(url, origins)
    const { response, failed } = await outcomeOf(
      client.request({
        url,
        method,
        headers: ofUsers(headers),
        data: body,
        adapter: freshForEachSend(client, compose, options.isSpending),
        allowAbsoluteUrls: true,
        // A redirect would take the client's credentials to wherever it leads.
        maxRedirects: 0,
        fetchOptions: { redirect: 'manual' },
        responseType: 'text',
        // Who waits for discovery shares it, and so nobody ends it.
        timeout: client.defaults.timeout || LONGEST,
        ...(options.signal && { signal: options.signal }),
        ...(options.isPublic && { authenticate: false }),
      }),
    )
    if (failed && !response) throw failed.error
    if (!isResponse(response))
      throw new AuthError(
        'An interceptor of the client instance gives something else than the response: oauth needs the response itself',
        'ERR_AUTH_TOKEN_RESPONSE',
      )
    answer = response
    return asFetched(response)
  })
  return { answer: answer as AxiosResponse, response }
}

/** Over TLS, or on this machine, or where the user says: what is asked for is secret, and what is told is believed. */
function assertSafe(endpoint: string, origins: ReadonlySet<string>): void {
  const { protocol, hostname, origin } = new URL(endpoint)
  if (protocol === 'https:' || isLoopback(hostname) || origins.has(origin)) return
  throw new AuthError(
    `Nothing was sent, for ${origin} is not https. If it may be asked all the same, list it: { origins: ["${origin}"] }`,
    'ERR_AUTH_ORIGIN',
  )
}

/** The first send is the request as it was composed; each further one, by a retry of the user's, is composed anew. */
function freshForEachSend(client: AxiosInstance, compose: Compose, isSpending = false): AxiosAdapter {
  let isFirst = true
  let lost: { readonly error: unknown } | undefined
  return async (config) => {
    if (lost) throw lost.error
    const adapter = adapterOf(client.defaults.adapter, config)
    const fresh = isFirst ? config : renewed(config, await composed(compose))
    isFirst = false
    try {
      return await adapter(fresh)
    } catch (error) {
      if (isSpending && wasLost(error)) lost = { error }
      throw error
    }
  }
}

const renewed = (config: InternalAxiosRequestConfig, init: FetchInit): InternalAxiosRequestConfig => ({
  ...config,
  headers: config.headers.concat(ofUsers(init.headers)),
  data: init.body?.toString(),
})

/** What would be sent. */
async function composed(compose: Compose): Promise<FetchInit> {
  let init: FetchInit | undefined
  await compose((_, composed) => {
    init = composed
    return Promise.resolve(new Response())
  })
  return init as FetchInit
}

/** oauth4webapi would name itself as the user agent. */
const ofUsers = (headers: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(headers).filter(([name]) => name !== 'user-agent'))

const HEADERS = ['content-type', 'dpop-nonce']

/** Any success is 200 to oauth4webapi. */
function asFetched(answer: AxiosResponse): Response {
  const data: unknown = answer.data
  const text = typeof data === 'string' || data === undefined || data === null ? data : JSON.stringify(data)
  const headers = HEADERS.flatMap((name): [string, string][] => {
    const value = headerOf(answer, name)
    return value === undefined ? [] : [[name, value]]
  })
  return new Response(text, { status: isSuccess(answer) ? 200 : 400, headers })
}
