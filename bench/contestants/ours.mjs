import { bearerAuth, clientCredentials } from '../../dist/index.js'
import { TOKEN_URL } from '../emulation.mjs'

export const name = 'this library'
export const isOurs = true

/** @type {import('../contestants.mjs').Contestant['wire']} */
export async function wire({ api, issuer }) {
  api.interceptors.request.use(bearerAuth(clientCredentials(issuer.instance, { url: TOKEN_URL })))
  return () => api.get('/things')
}
