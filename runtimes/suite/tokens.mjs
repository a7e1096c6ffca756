import axios from 'axios'
import { AuthError, basicAuth, bearerAuth, clientCredentials } from 'axios-auth-interceptors'
import { clientsOf } from './clients.mjs'
import { expectEqual, failureOf } from './expect.mjs'

export const LIFE = 600_000 // of the issuer's tokens

/** @type {import('./run-checks.mjs').Checks} */
export const tokens = {
  async 'a user-id and a password with letters outside ASCII arrive by Basic'(scene, { adapter }) {
    const accounts = axios.create({ baseURL: scene.accountsUrl, adapter })
    expectEqual((await failureOf(accounts.get('/'))).response?.status, 401, 'without credentials')
    accounts.interceptors.request.use(basicAuth(scene.account))
    expectEqual((await accounts.get('/')).status, 200, 'with credentials')
  },

  async 'the first request fetches a token through a second instance, the next ones use it'(scene, platform) {
    const { api } = clientsOf(scene, platform)
    expectEqual(await scene.ask('tokenRequests'), 0, 'token requests before')
    for (const url of ['/1', '/2', '/3']) expectEqual((await api.get(url)).data.url, url, 'what the API saw')
    expectEqual(await scene.ask('tokenRequests'), 1, 'token requests')
  },

  async 'a token that is nearly over serves while it is renewed behind the request'(scene, platform) {
    let now = Date.now()
    const { api, source } = clientsOf(scene, platform, { now: () => now })
    await api.get('/')
    await scene.ask('holdTokens')
    now += LIFE - 60_000
    expectEqual((await api.get('/')).status, 200, 'while the new token is held back')
    await scene.ask('tokenHeld')
    expectEqual(source.inspect()[0]?.isFetching, true, 'fetching')
    const renewed = source.renew()
    await scene.ask('releaseTokens')
    await renewed
    expectEqual((await api.get('/')).status, 200, 'with the new token')
    expectEqual(new Set(await carried(scene)).size, 2, 'tokens in use')
    expectEqual(await scene.ask('tokenRequests'), 2, 'token requests')
  },

  async 'a token that has expired is replaced before the next request'(scene, platform) {
    let now = Date.now()
    const { api } = clientsOf(scene, platform, { now: () => now })
    await api.get('/')
    now += LIFE
    await api.get('/')
    expectEqual(new Set(await carried(scene)).size, 2, 'tokens in use')
    expectEqual(await scene.ask('tokenRequests'), 2, 'token requests')
  },

  async '1,000 first requests at once cost one token request'(scene, platform) {
    const { api } = clientsOf(scene, platform)
    const answers = await Promise.all(Array.from({ length: 1000 }, (_, n) => api.get(`/${n}`)))
    expectEqual(answers.filter(({ status }) => status === 200).length, 1000, 'served')
    expectEqual(await scene.ask('tokenRequests'), 1, 'token requests')
    expectEqual((await scene.ask('requests')).length, 1000, 'requests to the API')
  },

  async 'who aborts while a token is fetched leaves at once, and the others get it'(scene, platform) {
    const { api } = clientsOf(scene, platform)
    await scene.ask('holdTokens')
    const controller = new AbortController()
    const leaving = failureOf(api.get('/leaving', { signal: controller.signal }))
    const staying = api.get('/staying')
    await scene.ask('tokenHeld')
    controller.abort()
    expectEqual((await leaving).code, 'ERR_CANCELED', 'code')
    await scene.ask('releaseTokens')
    expectEqual((await staying).status, 200, 'for the other')
    expectEqual((await scene.ask('requests')).length, 1, 'requests to the API')
    expectEqual(await scene.ask('tokenRequests'), 1, 'token requests')
  },

  async 'a client that the issuer refuses gets an AuthError with its reason'(scene, { adapter }) {
    const api = axios.create({ baseURL: scene.apiUrl, adapter })
    const issuer = axios.create({ baseURL: scene.issuerUrl, adapter })
    const stranger = { url: '/token', clientId: 'nobody', clientSecret: 'fake-secret' }
    api.interceptors.request.use(bearerAuth(clientCredentials(issuer, stranger)))
    const failure = await failureOf(api.get('/'))
    const { code, error, status } = failure
    expectEqual([code, error, status], ['ERR_AUTH_TOKEN_REQUEST', 'invalid_client', 401], 'the error')
    expectEqual([failure instanceof AuthError, axios.isAxiosError(failure)], [true, true], 'its classes')
  },
}

/** @param {import('./scene.mjs').Scene} scene */
async function carried(scene) {
  return (await scene.ask('requests')).map(({ headers }) => headers.authorization)
}
