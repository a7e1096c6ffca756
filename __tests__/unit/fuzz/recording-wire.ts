import { Agent } from 'node:http'
import { Duplex } from 'node:stream'
import type { AxiosRequestConfig } from 'axios'

/** A request that would have left this machine. */
export interface Sent {
  /** Where the connection goes to: not what anybody says of it. */
  readonly origin: string
  /** Request line and header lines. */
  readonly text: string
}

/** Gives the `location` of the redirect that answers this request; undefined: it is served. */
export type Answer = (sent: Sent) => string | undefined

/**
 * The own adapters of axios, up to the wire: each request is written down with the origin that it would be sent to, and
 * answered, without a network.
 */
export function recordingWire(
  adapter: 'http' | 'fetch',
  answer: Answer,
): { config: AxiosRequestConfig; sent: Sent[] } {
  const sent: Sent[] = []
  const take = (one: Sent): string | undefined => {
    sent.push(one)
    return answer(one)
  }
  const config =
    adapter === 'http'
      ? { httpAgent: new Recorder('http:', 80, take), httpsAgent: new Recorder('https:', 443, take) }
      : { env: { fetch: fetchOf(take), Request, Response } }
  return { config: { adapter, proxy: false, ...config } as AxiosRequestConfig, sent }
}

class Recorder extends Agent {
  readonly protocol: string
  readonly defaultPort: number
  readonly #take: Answer

  constructor(protocol: string, defaultPort: number, take: Answer) {
    super()
    this.protocol = protocol
    this.defaultPort = defaultPort
    this.#take = take
  }

  override createConnection({ host, port }: { host: string; port: number }): Duplex {
    const name = host.includes(':') && !host.startsWith('[') ? `[${host}]` : host
    const { origin } = new URL(`${this.protocol}//${name}:${port}`)
    let text = ''
    const take = this.#take
    const socket = new Duplex({
      read: () => undefined,
      write(chunk, _, done) {
        text += String(chunk)
        if (text.endsWith('\r\n\r\n')) {
          const location = take({ origin, text })
          const head = location === undefined ? '200 OK' : `302 Found\r\nlocation: ${location}`
          this.push(`HTTP/1.1 ${head}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`)
        }
        done()
      },
    })
    const same = (): Duplex => socket
    return Object.assign(socket, {
      setTimeout: same,
      setNoDelay: same,
      setKeepAlive: same,
      ref: same,
      unref: same,
    })
  }
}

const fetchOf =
  (take: Answer) =>
  (input: Request | string, init?: RequestInit): Promise<Response> => {
    const request = new Request(input, init)
    // Of others fetch makes no request that could be redirected.
    if (!/^https?:/.test(request.url)) return Promise.reject(new TypeError('fetch failed'))
    const lines = [`${request.method} ${request.url}`, ...[...request.headers].map((line) => line.join(': '))]
    const location = take({ origin: new URL(request.url).origin, text: lines.join('\r\n') })
    return Promise.resolve(
      location === undefined ? new Response('') : new Response(null, { status: 302, headers: { location } }),
    )
  }
