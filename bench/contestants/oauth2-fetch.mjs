import { API_URL } from '../emulation.mjs'
import { wrapperFor } from './oauth2-client.mjs'

export const name = 'the same, without axios³'
export const isOffAxios = true

/** Its middleware around the API itself. @type {import('../contestants.mjs').Contestant['wire']} */
export async function wire({ issuer, fetchApi }) {
  if (!fetchApi) throw new Error('There is nothing to send with')
  const send = wrapperFor(issuer).mw()
  return () => send(new Request(`${API_URL}/things`), fetchApi)
}
