import { clientsOf } from './clients.mjs'
import { expectEqual, failureOf } from './expect.mjs'

/** @type {import('./run-checks.mjs').Checks} */
export const replays = {
  async 'a refused token is replaced, and the request sent once more with the same body'(scene, platform) {
    const { api } = clientsOf(scene, platform)
    await api.get('/')
    await scene.ask('revokeAll')
    const { status, data } = await api.post('/things', { name: 'Zoë' })
    expectEqual([status, data.body], [200, '{"name":"Zoë"}'], 'the answer')
    const [, refused, replayed] = await scene.ask('requests')
    expectEqual(refused.headers.authorization === replayed.headers.authorization, false, 'the same token')
    for (const { method, url, headers, body } of [refused, replayed])
      expectEqual(
        [method, url, headers['content-type'], body],
        ['POST', '/things', 'application/json', '{"name":"Zoë"}'],
        'what was sent',
      )
    expectEqual(await scene.ask('tokenRequests'), 2, 'token requests')
  },

  async '1,000 requests with a revoked token cost one token request, and all are served'(scene, platform) {
    const { api } = clientsOf(scene, platform)
    await api.get('/')
    await scene.ask('revokeAll')
    const answers = await Promise.all(Array.from({ length: 1000 }, (_, n) => api.post('/things', { n })))
    expectEqual(answers.filter(({ data }, n) => data.body === `{"n":${n}}`).length, 1000, 'served')
    expectEqual(await scene.ask('tokenRequests'), 2, 'token requests')
  },

  async 'a form and a Blob are sent again whole'(scene, platform) {
    const { api } = clientsOf(scene, platform)
    const form = new URLSearchParams({ name: 'Zoë & co' })
    for (const [body, text] of [
      [form, String(form)],
      [new Blob(['some bytes']), 'some bytes'],
    ]) {
      await api.get('/')
      await scene.ask('revokeAll')
      expectEqual((await api.post('/things', body)).data.body, text, 'what arrived')
    }
  },

  async 'a stream is not sent again: its caller gets the 401, the next request a new token'(scene, platform) {
    const { api } = clientsOf(scene, platform)
    await api.get('/')
    await scene.ask('revokeAll')
    const stream = platform.streamOf(platform.adapter, 'some bytes')
    const { response } = await failureOf(api.post('/things', stream))
    expectEqual(response?.status, 401, 'status')
    const [, refused, ...more] = await scene.ask('requests')
    expectEqual([refused.body, more.length], ['some bytes', 0], 'what was sent')
    expectEqual((await api.get('/')).status, 200, 'status of the next request')
    expectEqual(await scene.ask('tokenRequests'), 2, 'token requests')
  },
}
