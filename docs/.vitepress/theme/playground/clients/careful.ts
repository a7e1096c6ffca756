import type { ByHand } from './by-hand'

/** The usual pair of interceptors, with the care that most take: a margin before the end, one token call for all who wait. */
export const careful: ByHand = ({ api, issuer, now }) => {
  let token: { value: string; renewAt: number } | undefined
  let fetching: Promise<void> | undefined

  function refresh() {
    fetching ??= issuer
      .post('/oauth2/token', new URLSearchParams({ grant_type: 'client_credentials' }))
      .then(({ data }) => {
        // A tenth of the life, as in the library. The usual 60 s would be longer than most lives on this page.
        token = { value: data.access_token, renewAt: now() + data.expires_in * 1000 * 0.9 }
      })
      .finally(() => {
        fetching = undefined
      })
    return fetching
  }

  api.interceptors.request.use(async (config) => {
    if (!token || token.renewAt < now()) await refresh()
    config.headers.Authorization = `Bearer ${token?.value}`
    return config
  })
  api.interceptors.response.use(undefined, async (error) => {
    if (error.response?.status !== 401 || error.config.isRetry) throw error
    await refresh()
    return api({ ...error.config, isRetry: true })
  })

  return () => token?.value
}
