import { clientCredentials } from 'axios-oauth-client'
import tokenProvider from 'axios-token-interceptor'
import { TOKEN_URL } from '../emulation.mjs'

export const name = 'axios-oauth-client¹'
export const from = 'axios-oauth-client'
export const imports = '{ clientCredentials }'
export const noReplay = 'does not look at answers'

/** It makes the token call and no more, so another package keeps and sends the token. @type {import('../contestants.mjs').Contestant['wire']} */
export async function wire({ api, issuer }) {
  const getClientCredentials = clientCredentials(issuer.instance, TOKEN_URL, 'id', 'secret')
  const cache = tokenProvider.tokenCache(() => getClientCredentials(), {
    getMaxAge: (body) => body.expires_in * 1000,
  })
  api.interceptors.request.use(
    tokenProvider({ getToken: cache, headerFormatter: (body) => `Bearer ${body.access_token}` }),
  )
  return () => api.get('/things')
}
