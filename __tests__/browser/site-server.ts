import { readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { startServer } from '../support/servers'
import { type Build, folders } from './build-site'

const types: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript' }

const API = '/api/'
/** Where the user comes back to from a login: the same page. */
export const CALLBACK = '/callback'

type Handler = Parameters<typeof startServer>[0]

/** The server of a page, at an origin of its own. */
export interface SiteServer {
  readonly origin: string
  /** What came for `/api/...`, oldest first. */
  readonly apiRequests: Awaited<ReturnType<typeof startServer>>['requests']
  /** Takes a script into its own files, and gives its path. */
  addScript(text: string): string
}

export interface SiteOptions {
  /** The origins that its Content-Security-Policy lets the page connect to, besides its own. */
  readonly connect: readonly string[]
  /** What it answers at `/api/...`, as the page's own API. */
  readonly answer?: Handler
  /** `app.example.com` leads here, too, but no browser takes it for a part of this machine. */
  readonly host?: 'localhost' | 'app.example.com'
}

export async function startSite(
  build: Build,
  { connect, answer, host = 'localhost' }: SiteOptions,
): Promise<SiteServer> {
  const folder = join(process.env.SITE ?? '', folders[build])
  const scripts = new Map<string, string>()
  const policy = (): string =>
    [
      "default-src 'none'",
      "script-src 'self'",
      ["connect-src 'self'", ...connect].join(' '),
      // For /favicon.ico, which Firefox asks for by itself.
      "img-src 'self'",
    ].join('; ')

  const server = await startServer((request, response, body) => {
    const { pathname } = new URL(request.url ?? '', 'http://localhost')
    if (pathname.startsWith(API)) return answer?.(request, response, body)
    if (pathname === '/favicon.ico') return response.writeHead(204).end()
    const file = ['/', CALLBACK].includes(pathname) ? '/index.html' : pathname
    const text = scripts.get(file) ?? readFileSync(join(folder, file))
    const type = types[extname(file)] ?? ''
    response.writeHead(200, { 'content-type': type, 'content-security-policy': policy() }).end(text)
  })

  return {
    // Another host than that of the other servers, so that they are other sites, too.
    origin: server.url.replace('127.0.0.1', host),
    get apiRequests() {
      return server.requests.filter(({ url }) => url.startsWith(API))
    },
    addScript(text) {
      const path = `/run-${scripts.size}.js`
      scripts.set(path, text)
      return path
    },
  }
}
