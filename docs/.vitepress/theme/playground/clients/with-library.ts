import { bearerAuth, clientCredentials, tokenSource } from 'axios-auth-interceptors'
import type { ClientOf } from './client'

export const withLibrary: ClientOf = ({ api, issuer, now, random, onEvent }) => {
  const grant = clientCredentials(issuer, { url: '/oauth2/token' })
  const source = tokenSource(grant, { now, random, onEvent, timeout: A_DAY })
  api.interceptors.request.use(bearerAuth(source, { onEvent }))

  return {
    held() {
      const [slot] = source.inspect()
      return { state: slot?.state ?? 'none', token: slot?.token }
    },
    close: () => source.clear(),
  }
}

// The page can be paused, and a timer of the library goes on: here the token call has a timeout in the world's time.
const A_DAY = 24 * 60 * 60 * 1000
