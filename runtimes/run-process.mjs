import { spawn } from 'node:child_process'
import { text } from 'node:stream/consumers'

const LONGEST_RUN = 10 * 60_000

/**
 * The suite as a program. It must end by itself: what would keep a process alive is a fault.
 *
 * @param {string} binary
 * @param {string[]} options
 * @param {string} project
 * @param {string} stageUrl
 */
export async function runProcess(binary, options, project, stageUrl) {
  const child = spawn(binary, [...options, `${project}/suite/process.mjs`, stageUrl], {
    cwd: project,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: LONGEST_RUN,
  })
  const failed = new Promise((_, reject) => child.once('error', reject))
  const ended = new Promise((resolve) => child.once('close', (code, signal) => resolve(signal ?? code)))
  const [out, printed, end] = await Promise.race([
    Promise.all([text(child.stdout), text(child.stderr), ended]),
    failed,
  ])
  if (end !== 0) throw new Error(`${binary} ended with ${end}:\n${out}\n${printed}`)
  return { ...JSON.parse(out), printed }
}
