import { TOKEN_URL } from '../emulation.mjs'

export const name = 'written by hand'

/** The usual pair, with the care that most take: one promise for all who wait. @type {import('../contestants.mjs').Contestant['wire']} */
export async function wire({ api, issuer }) {
  /** @type {{ value: string, expiresAt: number } | undefined} */
  let token
  /** @type {Promise<void> | undefined} */
  let fetching

  function refresh() {
    fetching ??= issuer.instance
      .post(TOKEN_URL, new URLSearchParams({ grant_type: 'client_credentials' }))
      .then(({ data }) => {
        token = { value: data.access_token, expiresAt: Date.now() + data.expires_in * 1000 }
      })
      .finally(() => {
        fetching = undefined
      })
    return fetching
  }

  api.interceptors.request.use(async (config) => {
    if (!token || token.expiresAt - 60_000 < Date.now()) await refresh()
    config.headers.Authorization = `Bearer ${token?.value}`
    return config
  })
  api.interceptors.response.use(undefined, async (error) => {
    if (error.response?.status !== 401 || error.config.isRetry) throw error
    await refresh()
    return api({ ...error.config, isRetry: true })
  })
  return () => api.get('/things')
}
