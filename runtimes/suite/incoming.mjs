import axios from 'axios'
import { bearerAuth, refreshToken, tokenSource } from 'axios-auth-interceptors'
import { authorizationServer, clientSecretBasic } from 'axios-auth-interceptors/oauth'
import { clientsOf } from './clients.mjs'
import { expectEqual } from './expect.mjs'
import { deferred, hold } from './gate.mjs'
import { early, serveWith } from './program.mjs'
import { LIFE } from './tokens.mjs'
import { begin, visit } from './visit.mjs'

/** @typedef {import('./scene.mjs').Scene} Scene */

const adapter = 'fetch'

/**
 * For a server that ends what an incoming request has begun as soon as it is answered: Workers.
 *
 * @param {(promise: Promise<unknown>) => void} waitUntil
 * @returns {import('./run-checks.mjs').Checks}
 */
export const incoming = (waitUntil) => ({
  async 'an instance made when the Worker is loaded serves all incoming requests with one token'(
    scene,
    platform,
  ) {
    early.enter(scene)
    serveWith(early)
    for (const path of ['/1', '/2']) await visit(platform, path)
    expectEqual(await scene.ask('tokenRequests'), 1, 'token requests')
  },

  async 'incoming requests at the same time share one token request'(scene, platform) {
    serveWith(clientsOf(scene, { adapter }))
    await Promise.all(Array.from({ length: 50 }, (_, n) => visit(platform, `/${n}`)))
    expectEqual(await scene.ask('tokenRequests'), 1, 'token requests')
  },

  async 'a token request that ended with its incoming request is made anew by one that waits'(
    scene,
    platform,
  ) {
    serveWith(clientsOf(scene, { adapter }))
    await scene.ask('holdTokens')
    await begin(platform)
    const waiting = visit(platform, '/waiting')
    await Promise.race([scene.ask('tokenHeld'), waiting])
    await scene.ask('releaseTokens')
    await waiting
    await visit(platform, '/later')
  },

  async 'a renewal that ended with its incoming request is made up for when the token has expired'(
    scene,
    platform,
  ) {
    let now = Date.now()
    serveWith(clientsOf(scene, { adapter }, { now: () => now }))
    await visit(platform, '/first')
    await scene.ask('holdTokens')
    now += LIFE - 60_000
    await visit(platform, '/nearly-over')
    await scene.ask('tokenHeld')
    await scene.ask('releaseTokens')
    now += 60_000
    await visit(platform, '/expired')
  },

  async 'a renewal that waitUntil is told of outlives its incoming request'(scene, platform) {
    let now = Date.now()
    const renewed = deferred()
    const clients = clientsOf(
      scene,
      { adapter },
      {
        now: () => now,
        onEvent: (event) => {
          if (event.type === 'fetching') waitUntil(clients.source.renew().catch(() => undefined))
          if (event.type === 'fetched' && event.token === 2) renewed.resolve()
        },
      },
    )
    serveWith(clients)
    await visit(platform, '/first')
    await scene.ask('holdTokens')
    now += LIFE - 60_000
    await visit(platform, '/nearly-over')
    await scene.ask('tokenHeld')
    await scene.ask('releaseTokens')
    await renewed.promise
    await visit(platform, '/renewed')
    const [old, stillOld, fresh] = (await scene.ask('requests')).map(({ headers }) => headers.authorization)
    expectEqual([stillOld === old, fresh === old], [true, false], 'the first token was used')
    expectEqual(await scene.ask('tokenRequests'), 2, 'token requests')
  },

  async 'a discovery that ended with its incoming request is made anew'(scene, platform) {
    const { clientId, clientSecret } = scene.clients.basic
    const client = axios.create({ adapter })
    const open = hold(client)
    const server = authorizationServer(client, {
      issuer: scene.issuerUrl,
      clientId,
      clientAuthentication: clientSecretBasic(clientSecret),
    })
    serveWith(programWith(scene, server.clientCredentials()))
    await begin(platform)
    open()
    await visit(platform, '/later')
  },

  async 'a refresh that ended with its incoming request, unsent, gives its turn to the next'(
    scene,
    platform,
  ) {
    const { issuer } = clientsOf(scene, { adapter })
    const open = hold(issuer)
    const first = await scene.ask('issueRefreshToken')
    serveWith(programWith(scene, refreshToken(issuer, { url: '/token', refreshToken: first })))
    await begin(platform)
    open()
    await visit(platform, '/later')
    expectEqual(await scene.ask('tokenRequests'), 1, 'token requests')
  },
})

/**
 * @param {Scene} scene
 * @param {import('axios-auth-interceptors').FetchToken} fetchToken
 */
function programWith({ apiUrl }, fetchToken) {
  const api = axios.create({ baseURL: apiUrl, adapter })
  api.interceptors.request.use(bearerAuth(tokenSource(fetchToken)))
  return { api }
}
