import { pathToFileURL } from 'node:url'
import type { startServer as StartServer } from '../servers/http-server.mjs'
import type { startProtectedApi as StartProtectedApi } from '../servers/protected-api.mjs'

/** The servers of `../servers`, which close themselves after each test. */
const running: { close(): Promise<void> }[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()))
})

const load = (file: string): Promise<unknown> =>
  nativeImport(pathToFileURL(`${__dirname}/../servers/${file}`).href)

export async function startServer(...args: Parameters<typeof StartServer>): ReturnType<typeof StartServer> {
  const module = (await load('http-server.mjs')) as { startServer: typeof StartServer }
  const server = await module.startServer(...args)
  running.push(server)
  return server
}

export async function startProtectedApi(
  ...args: Parameters<typeof StartProtectedApi>
): ReturnType<typeof StartProtectedApi> {
  const module = (await load('protected-api.mjs')) as { startProtectedApi: typeof StartProtectedApi }
  const api = await module.startProtectedApi(...args)
  running.push(api)
  return api
}
