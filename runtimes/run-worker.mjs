import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { text } from 'node:stream/consumers'
import { build } from 'esbuild'

/**
 * The suite as a Worker, in workerd itself, bundled as wrangler does it. No nodejs_compat: the library needs nothing of Node.
 *
 * @param {string} binary
 * @param {string} date
 * @param {string} project
 * @param {string} stageUrl
 */
export async function runWorker(binary, date, project, stageUrl) {
  await build({
    entryPoints: [`${project}/suite/worker.mjs`],
    outfile: `${project}/bundle.mjs`,
    bundle: true,
    format: 'esm',
    platform: 'browser',
    conditions: ['workerd', 'worker', 'browser'],
    external: ['cloudflare:workers'],
    logLevel: 'error',
  })
  const config = `${project}/${date}.capnp`
  await writeFile(config, configOf(date, stageUrl))

  const child = spawn(binary, ['serve', config, '--control-fd=3'], {
    stdio: ['ignore', 'pipe', 'pipe', 'pipe'],
  })
  const printed = Promise.all([text(child.stdout), text(child.stderr)])
  const ended = once(child, 'close')
  // Asked to end, it would wait for requests that hang.
  const stop = () => child.kill('SIGKILL')
  try {
    const response = await fetch(`http://127.0.0.1:${await portOf(child.stdio[3])}/suite`)
    if (!response.ok) throw new Error(`the Worker answered ${response.status}: ${await response.text()}`)
    const report = await response.json()
    stop()
    return { ...report, printed: (await printed).join('\n') }
  } catch (error) {
    stop()
    throw new Error(`${binary} failed:\n${(await printed).join('\n')}`, { cause: error })
  } finally {
    await ended
  }
}

/** workerd says it on its control channel, as soon as it listens. @param {AsyncIterable<Buffer>} control */
async function portOf(control) {
  for await (const event of control) return JSON.parse(String(event)).port
  throw new Error('it does not listen')
}

/** @param {string} date @param {string} stageUrl */
function configOf(date, stageUrl) {
  return `using Workerd = import "/workerd/workerd.capnp";
const config :Workerd.Config = (
  services = [(name = "suite", worker = .suite), (name = "internet", network = (allow = ["local"]))],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "suite")],
);
const suite :Workerd.Worker = (
  modules = [(name = "worker.mjs", esModule = embed "bundle.mjs")],
  compatibilityDate = "${date}",
  bindings = [(name = "STAGE_URL", text = "${stageUrl}")],
);
`
}
