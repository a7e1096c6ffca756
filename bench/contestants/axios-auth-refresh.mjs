import { createAuthRefresh } from 'axios-auth-refresh'
import { TOKEN_URL } from '../emulation.mjs'

export const name = 'axios-auth-refresh'
export const from = 'axios-auth-refresh'
export const imports = '{ createAuthRefresh }'

/** @type {import('../contestants.mjs').Contestant['wire']} */
export async function wire({ api, issuer, isLoggedIn }) {
  let token = isLoggedIn ? issuer.grant() : ''
  api.interceptors.request.use((request) => {
    request.headers.Authorization = `Bearer ${token}`
    return request
  })
  createAuthRefresh(api, async (failedRequest) => {
    const { data } = await issuer.instance.post(TOKEN_URL)
    token = data.access_token
    failedRequest.response.config.headers.Authorization = `Bearer ${token}`
  })
  return () => api.get('/things')
}
