import { bearerAuth, clientCredentials } from '../../dist/index.js'
import { TOKEN_URL } from '../emulation.mjs'

export const name = 'this library, synchronous'
export const isOurs = true

/** @type {import('../contestants.mjs').Contestant['wire']} */
export async function wire({ api, issuer }) {
  const auth = bearerAuth(clientCredentials(issuer.instance, { url: TOKEN_URL }))
  api.interceptors.request.use(auth, undefined, { synchronous: true })
  return () => api.get('/things')
}
