import { applyAuthTokenInterceptor, setAuthTokens } from 'axios-jwt'
import { TOKEN_URL } from '../emulation.mjs'

export const name = 'axios-jwt²'
export const from = 'axios-jwt'
export const imports = '{ applyAuthTokenInterceptor, setAuthTokens }'
export const noReplay = 'does not look at answers'

/** It fetches no first token: without one it begins with a token that is over. @type {import('../contestants.mjs').Contestant['wire']} */
export async function wire({ api, issuer, isLoggedIn }) {
  const stored = new Map()
  const getStorage = () => ({
    get: async (/** @type {string} */ key) => stored.get(key) ?? null,
    set: async (/** @type {string} */ key, /** @type {string} */ value) => void stored.set(key, value),
    remove: async (/** @type {string} */ key) => void stored.delete(key),
  })
  const requestRefresh = (/** @type {string} */ token) =>
    issuer.instance.post(TOKEN_URL, { token }).then(({ data }) => data.access_token)
  applyAuthTokenInterceptor(api, { requestRefresh, getStorage })
  await setAuthTokens({
    accessToken: isLoggedIn ? issuer.grant() : issuer.expired(),
    refreshToken: 'a-refresh-token',
  })
  return () => api.get('/things')
}
