export const name = 'bare axios'

/** The limit: a hard-coded header. @type {import('../contestants.mjs').Contestant['wire']} */
export async function wire({ api, issuer }) {
  api.defaults.headers.common.Authorization = `Bearer ${issuer.grant()}`
  return () => api.get('/things')
}

export const noReplay = 'sends what it was given'
