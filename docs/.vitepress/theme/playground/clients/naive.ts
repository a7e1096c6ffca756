import type { ByHand } from './by-hand'

/** The short version that many guides show: no clock, and each request that is refused asks for a token. */
export const naive: ByHand = ({ api, issuer }) => {
  let token: string | undefined

  async function refresh() {
    const body = new URLSearchParams({ grant_type: 'client_credentials' })
    const { data } = await issuer.post('/oauth2/token', body)
    token = data.access_token
  }

  api.interceptors.request.use(async (config) => {
    if (!token) await refresh()
    config.headers.Authorization = `Bearer ${token}`
    return config
  })
  api.interceptors.response.use(undefined, async (error) => {
    if (error.response?.status !== 401 || error.config.isRetry) throw error
    await refresh()
    return api({ ...error.config, isRetry: true })
  })

  return () => token
}
