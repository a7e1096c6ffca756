// A program in a terminal, whose user logs in on another device: RFC 8628.
import axios from 'axios'
import { bearerAuth, renewWith, tokenSource } from 'axios-auth-interceptors'
import { authorizationServer } from 'axios-auth-interceptors/oauth'
import type { DeviceSetting } from './setting'

export async function run({ issuer, clientId, apiUrl, enterCode }: DeviceSetting): Promise<void> {
  const server = authorizationServer(axios.create(), { issuer, clientId }) // a public client has no secret
  const login = server.deviceAuthorization({
    scope: 'read',
    async onUserCode({ verification_uri, user_code, expires_in }) {
      console.log(`Open ${verification_uri} and enter ${user_code}`)
      console.log(`The code is good for ${expires_in} s.`)
      await enterCode(user_code) // a real program has no such line: its user does that
    },
  })
  const source = tokenSource(renewWith(server.refreshToken(), login), {
    onEvent: ({ type }) => console.log(`token: ${type}`),
  })
  const api = axios.create({ baseURL: apiUrl })
  api.interceptors.request.use(bearerAuth(source))

  await source.get() // waits for the user: a request would, too, but no longer than its own `timeout`
  const { data } = await api.get('/calendar')
  console.log(`${data.path}: as ${data.user}`)
  await source.renew() // by the refresh token: the user is not asked again
}
