import { OAuth2Client, OAuth2Fetch } from '@badgateway/oauth2-client'
import { TOKEN_URL } from '../emulation.mjs'

export const name = '@badgateway/oauth2-client³'
export const from = '@badgateway/oauth2-client'
export const imports = '{ OAuth2Client, OAuth2Fetch }'
export const noReplay = 'not through axios'

/** @param {import('../emulation.mjs').Issuer} issuer */
export function wrapperFor(issuer) {
  const client = new OAuth2Client({
    server: new URL('/', TOKEN_URL).href,
    tokenEndpoint: TOKEN_URL,
    clientId: 'id',
    clientSecret: 'secret',
    fetch: issuer.fetch,
  })
  return new OAuth2Fetch({ client, getNewToken: () => client.clientCredentials() })
}

/** @type {import('../contestants.mjs').Contestant['wire']} */
export async function wire({ api, issuer }) {
  const wrapper = wrapperFor(issuer)
  api.interceptors.request.use(async (config) => {
    config.headers.Authorization = `Bearer ${await wrapper.getAccessToken()}`
    return config
  })
  return () => api.get('/things')
}
