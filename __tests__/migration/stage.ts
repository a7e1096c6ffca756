import { startProtectedApi, startServer } from '../support/servers'
import { type Deferred, deferred, tokenSeries } from '../support/token-series'

export type Stage = Awaited<ReturnType<typeof startStage>>

/** Holds what passes, from `hold()` to `release()`; `hold()` is fulfilled when something has arrived. */
function barrier() {
  let closed: { arrived: Deferred<void>; released: Deferred<void> } | undefined
  return {
    async pass(): Promise<void> {
      closed?.arrived.resolve(undefined)
      await closed?.released.promise
    },
    hold(): Promise<void> {
      closed = { arrived: deferred(), released: deferred() }
      return closed.arrived.promise
    },
    release(): void {
      closed?.released.resolve(undefined)
      closed = undefined
    },
  }
}

const isTokenRequest = ({ url }: { url?: string | undefined }): boolean => Boolean(url?.includes('token'))

/** An API, its token endpoint at the same origin (any path with `token` in it), and a foreign server. */
export async function startStage() {
  const tokens = tokenSeries()
  const tokenAnswers = barrier()
  const lateAnswers = barrier()
  let isStrict = false
  let failures = 0

  const server = await startProtectedApi({ isValid: (token) => !isStrict && tokens.isValid(token) })
  server.respond(async (request, response) => {
    if (request.url === '/late' && !tokens.isValid(request.headers.authorization?.slice('Bearer '.length))) {
      await lateAnswers.pass()
      response.writeHead(401).end()
      return true
    }
    if (!isTokenRequest(request)) return false
    await tokenAnswers.pass()
    response.setHeader('content-type', 'application/json')
    if (failures > 0) {
      failures -= 1
      response.writeHead(400).end(JSON.stringify({ error: 'invalid_grant' }))
      return true
    }
    const token = await tokens.fetch()
    const rfc6749 = { access_token: token, token_type: 'Bearer', expires_in: 600 }
    response.end(JSON.stringify({ ...rfc6749, refresh_token: `fake-refresh-${tokens.calls}`, token }))
    return true
  })
  const foreign = await startServer((_, response) => response.end('{}'))

  return {
    url: server.url,
    foreign,
    /** The requests of the API, oldest first. */
    requests: () => server.requests.filter((request) => !isTokenRequest(request)),
    /** Those for one path. */
    requestsFor: (path: string) => server.requests.filter(({ url }) => url === path),
    tokenRequests: () => server.requests.filter(isTokenRequest).length,
    /** Ends the token that was given last. */
    revoke: tokens.revoke,
    /** From now on the API refuses each token. */
    refuseAll() {
      isStrict = true
    },
    /** So many token requests are refused. */
    refuseTokens(times: number) {
      failures = times
    },
    tokenAnswers,
    /** The refusals of `/late`. */
    lateAnswers,
    /** Holds all answers of the API. */
    pause: server.pause,
    resume: server.resume,
    paused: server.held,
  }
}
