import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

const run = promisify(execFile)

/** What a script of this folder prints, as JSON. @param {string} script @param {string[]} args @param {string[]} flags */
export async function probe(script, args, flags = []) {
  const path = fileURLToPath(new URL(script, import.meta.url))
  const { stdout } = await run(process.execPath, [...flags, path, ...args])
  return JSON.parse(stdout)
}
