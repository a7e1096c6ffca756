import axios from 'axios'
import { bearerAuth, tokenRequest, tokenSource } from 'axios-auth-interceptors'
import { jsonPath } from 'axios-auth-interceptors/jsonpath'
import { authorizationServer, clientSecretBasic, dpopAuth } from 'axios-auth-interceptors/oauth'
import { clientsOf } from './clients.mjs'
import { expectEqual } from './expect.mjs'

/** @type {import('./run-checks.mjs').Checks} */
export const entries = {
  async '/oauth: a discovered issuer and an API take DPoP proofs made here, with their nonces'(
    scene,
    { adapter },
  ) {
    const { clientId, clientSecret } = scene.clients.dpop
    const keyPair = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, [
      'sign',
      'verify',
    ])
    const server = authorizationServer(axios.create({ adapter }), {
      issuer: scene.issuerUrl,
      clientId,
      clientAuthentication: clientSecretBasic(clientSecret),
      keyPair,
    })
    const source = tokenSource(server.clientCredentials({ scope: 'read' }))
    const api = axios.create({ baseURL: scene.dpopUrl, adapter })
    api.interceptors.request.use(dpopAuth(source, { keyPair }))
    expectEqual((await api.post('/things', { a: 1 })).data.body, '{"a":1}', 'what arrived')
    await scene.ask('revokeAll')
    expectEqual((await api.post('/things', { a: 2 })).data.body, '{"a":2}', 'what arrived of a replay')
    const proofs = await scene.ask('proofs')
    expectEqual(
      [...new Set(proofs.map(({ htm, htu }) => `${htm} ${htu}`))],
      [`POST ${scene.dpopUrl}/things`],
      'proofs',
    )
    expectEqual(new Set(proofs.map(({ jti }) => jti)).size, proofs.length, 'different proofs')
    expectEqual(await scene.ask('tokenRequests'), 2, 'token requests')
  },

  async '/jsonpath: a token is read by its path'(scene, platform) {
    const { issuer } = clientsOf(scene, platform)
    const api = axios.create({ baseURL: scene.apiUrl, adapter: platform.adapter })
    const request = {
      method: 'post',
      url: '/token',
      data: new URLSearchParams({ grant_type: 'client_credentials' }),
    }
    const read = jsonPath({ value: '$.access_token', expiresIn: '$.expires_in' })
    api.interceptors.request.use(bearerAuth(tokenRequest(issuer, request, read)))
    expectEqual((await api.get('/')).status, 200, 'status')
    expectEqual(await scene.ask('tokenRequests'), 1, 'token requests')
  },
}
