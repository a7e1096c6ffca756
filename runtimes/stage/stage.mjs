import { listen } from '../../__tests__/servers/http-server.mjs'
import { openScene } from './scene.mjs'

/**
 * The checks run in another process, or in no process at all, so that they open and question their scenes over HTTP:
 * `POST /scenes` opens one, `POST /scenes/0/revokeAll` acts in it.
 */
export async function startStage() {
  /** @type {import('./scene.mjs').Scene[]} */
  const scenes = []

  const server = await listen(async (request, response) => {
    const [, , scene, act = ''] = (request.url ?? '').split('/')
    try {
      const answer = scene === undefined ? await open() : await actIn(scene, act)
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer ?? null))
    } catch (error) {
      response.writeHead(500).end(String(error))
    }
  })

  async function open() {
    const scene = await openScene()
    return { id: scenes.push(scene) - 1, ...scene.setting }
  }

  /** @param {string} scene @param {string} act */
  function actIn(scene, act) {
    const play = scenes[Number(scene)]?.acts[act]
    if (!play) throw new Error('there is no such act')
    return play()
  }

  return {
    url: server.url,
    /** All that was sent, each once. */
    credentials: () => [...new Set(scenes.flatMap((scene) => scene.credentials()))],
    async close() {
      await Promise.all(scenes.map(({ acts }) => acts.close?.()))
      await server.close()
    },
  }
}
