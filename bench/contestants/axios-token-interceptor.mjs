import tokenProvider from 'axios-token-interceptor'
import { TOKEN_URL } from '../emulation.mjs'

export const name = 'axios-token-interceptor'
export const from = 'axios-token-interceptor'
export const imports = 'tokenProvider'
export const noReplay = 'does not look at answers'

/** @type {import('../contestants.mjs').Contestant['wire']} */
export async function wire({ api, issuer }) {
  const cache = tokenProvider.tokenCache(() => issuer.instance.post(TOKEN_URL).then(({ data }) => data), {
    getMaxAge: (body) => body.expires_in * 1000,
  })
  api.interceptors.request.use(
    tokenProvider({ getToken: cache, headerFormatter: (body) => `Bearer ${body.access_token}` }),
  )
  return () => api.get('/things')
}
