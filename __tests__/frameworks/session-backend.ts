import axios from 'axios'
import { startServer } from '../support/servers'
import { deferred, tokenSeries } from '../support/token-series'

/** A backend that knows its users by a cookie, and gives them access tokens; and the log-in of one. */
export async function startSessionBackend() {
  const issuer = tokenSeries()
  let isOpen = false
  let held = { arrived: deferred(), released: deferred() }
  held.released.resolve()
  const server = await startServer(
    async ({ method, url, headers }, response) => {
      const isKnown = isOpen && headers.cookie === 'session=fake-session'
      if (url === '/session') {
        isOpen = method === 'POST'
        response.setHeader('set-cookie', 'session=fake-session; HttpOnly; Path=/')
        return response.writeHead(204).end()
      }
      response.setHeader('content-type', 'application/json')
      if (!isKnown) return response.writeHead(401).end(JSON.stringify({ error: 'login_required' }))
      held.arrived.resolve()
      await held.released.promise
      const token = { access_token: await issuer.fetch(), token_type: 'Bearer', expires_in: 600 }
      return response.end(JSON.stringify(token))
    },
    { cors: true },
  )
  return {
    url: server.url,
    issuer,
    logIn: () => axios.post(`${server.url}/session`, undefined, { withCredentials: true }),
    /** Ends the session from here. */
    end: () => axios.delete(`${server.url}/session`, { withCredentials: true }),
    /** Holds the answers to token requests until it is called. */
    hold() {
      held = { arrived: deferred(), released: deferred() }
      return held.released.resolve
    },
    /** Fulfilled when a token request has arrived. */
    held: () => held.arrived.promise,
    /** What was asked of it, but for the log-in. */
    asked: () =>
      server.requests.map(({ method, url }) => `${method} ${url}`).filter((one) => one !== 'POST /session'),
  }
}
