// Tokens that are worth nothing without a key: RFC 9449. Each request carries a proof of the key.
import axios from 'axios'
import { bearerAuth, tokenSource } from 'axios-auth-interceptors'
import { authorizationServer, clientSecretBasic, dpopAuth } from 'axios-auth-interceptors/oauth'
import type { ConfidentialSetting } from './setting'

export async function run({ issuer, clientId, clientSecret, apiUrl }: ConfidentialSetting): Promise<void> {
  // Not extractable: the private key cannot be read, only used.
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }
  const keyPair = await crypto.subtle.generateKey(algorithm, false, ['sign', 'verify'])

  const server = authorizationServer(axios.create(), {
    issuer,
    clientId,
    clientAuthentication: clientSecretBasic(clientSecret),
    keyPair, // the tokens are bound to it ...
  })
  const source = tokenSource(server.clientCredentials())
  const api = axios.create({ baseURL: apiUrl })
  api.interceptors.request.use(
    dpopAuth(source, {
      keyPair, // ... and each request proves it
      onEvent: ({ type }) => console.log(`request: ${type}`),
    }),
  )
  for (const path of ['/alerts', '/devices']) console.log(`${path}: ${(await api.get(path)).status}`)

  // The token alone, as a thief would send it:
  const { value } = await source.get()
  const stolen = axios.create({ baseURL: apiUrl, validateStatus: () => true })
  stolen.interceptors.request.use(bearerAuth(value))
  console.log(`the token alone: ${(await stolen.get('/alerts')).status}`)
}
