import { apiKeyAuth } from 'axios-auth-interceptors'
import { clientsOf } from './clients.mjs'
import { expectEqual, failureOf } from './expect.mjs'

const KEY = 'fake-key-1f'

/** @type {import('./run-checks.mjs').Checks} */
export const secrecy = {
  async 'a redirect within the origin keeps the credentials'(scene, platform) {
    const { api } = withKey(scene, platform)
    expectEqual((await api.put('/moved', { a: 1 })).data.body, '{"a":1}', 'what arrived')
    for (const { headers } of await scene.ask('requests'))
      expectEqual([/^Bearer /.test(headers.authorization), headers['x-api-key']], [true, KEY], 'credentials')
    expectEqual(
      (await scene.ask('requests')).map(({ url }) => url),
      ['/moved', '/things'],
      'requests',
    )
  },

  async 'a redirect to another origin takes the credentials off'(scene, platform) {
    const { api } = withKey(scene, platform)
    expectEqual((await api.get('/gone')).status, 200, 'status')
    const arrived = await scene.ask('elsewhereRequests')
    expectEqual(
      arrived.map(({ url }) => url),
      ['/here'],
      'requests elsewhere',
    )
    const kept = ['authorization', 'x-api-key'].filter((name) => name in arrived[0].headers)
    expectEqual(kept, [], 'credentials')
  },

  async 'an error and a response show no credentials, however they are printed'(scene, platform) {
    const { api, source } = withKey(scene, platform)
    const error = await failureOf(api.post('/broken', { a: 1 }))
    const response = await api.post('/things', { a: 1 })
    const { value } = await source.get()
    expectEqual((await scene.ask('requests'))[0].headers.authorization, `Bearer ${value}`, 'what was sent')
    for (const show of platform.showings) {
      const [shown, shownResponse] = [show(error), show(response)]
      expectEqual(shown.includes('status code 500'), true, `the message is in ${show}`)
      for (const text of [shown, shownResponse, show(error.request), show(response.request), show(source)])
        expectEqual([value, KEY].filter((secret) => text.includes(secret)).length, 0, `secrets in ${show}`)
    }
    // What the console makes of it is looked at from outside.
    console.error(error, response, error.request, source)
  },
}

/** @param {import('./scene.mjs').Scene} scene @param {import('./run-checks.mjs').Platform} platform */
function withKey(scene, platform) {
  const clients = clientsOf(scene, platform)
  clients.api.interceptors.request.use(apiKeyAuth({ name: 'X-API-Key', value: KEY }))
  return clients
}
