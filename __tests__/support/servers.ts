import { pathToFileURL } from 'node:url'
import type * as AuthorizationServer from '../servers/authorization-server.mjs'
import type * as DpopApi from '../servers/dpop-api.mjs'
import type * as ForwardProxy from '../servers/forward-proxy.mjs'
import type * as HttpServer from '../servers/http-server.mjs'
import type * as ProtectedApi from '../servers/protected-api.mjs'
import type * as StepUpApi from '../servers/step-up-api.mjs'
import type * as TlsAuthorizationServer from '../servers/tls-authorization-server.mjs'

/** The servers of `../servers`, which close themselves after each test. */
const running: { close(): Promise<void> }[] = []
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()))
})

/** A function of one of these modules that starts a server. */
function starter<Module, Name extends keyof Module>(file: string, name: Name): Module[Name] {
  const start = async (...args: unknown[]): Promise<{ close(): Promise<void> }> => {
    const module = await nativeImport<Module>(pathToFileURL(`${__dirname}/../servers/${file}.mjs`).href)
    const started = module[name] as (...args: unknown[]) => Promise<{ close(): Promise<void> }>
    const server = await started(...args)
    running.push(server)
    return server
  }
  return start as Module[Name]
}

export const startServer = starter<typeof HttpServer, 'startServer'>('http-server', 'startServer')
export const startProtectedApi = starter<typeof ProtectedApi, 'startProtectedApi'>(
  'protected-api',
  'startProtectedApi',
)
export const startAuthorizationServer = starter<typeof AuthorizationServer, 'startAuthorizationServer'>(
  'authorization-server',
  'startAuthorizationServer',
)
export const startTlsAuthorizationServer = starter<
  typeof TlsAuthorizationServer,
  'startTlsAuthorizationServer'
>('tls-authorization-server', 'startTlsAuthorizationServer')
export const startForwardProxy = starter<typeof ForwardProxy, 'startForwardProxy'>(
  'forward-proxy',
  'startForwardProxy',
)
export const startDpopApi = starter<typeof DpopApi, 'startDpopApi'>('dpop-api', 'startDpopApi')
export const startStepUpApi = starter<typeof StepUpApi, 'startStepUpApi'>('step-up-api', 'startStepUpApi')
