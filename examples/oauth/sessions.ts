import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'

/** Sessions of users, in memory. In a program of your own this is the business of its framework. */
export function sessionsOf<Session extends object>(begin: () => Session) {
  const sessions = new Map<string, Session>()
  return ({ headers }: IncomingMessage, response: ServerResponse): Session => {
    const known = /\bsession=([\w-]+)/.exec(headers.cookie ?? '')?.[1] ?? ''
    const id = sessions.has(known) ? known : randomUUID()
    const session = sessions.get(id) ?? begin()
    sessions.set(id, session)
    response.setHeader('set-cookie', `session=${id}; Path=/; HttpOnly; Secure; SameSite=Lax`)
    return session
  }
}
