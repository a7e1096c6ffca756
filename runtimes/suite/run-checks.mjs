import { openScene } from './scene.mjs'

/** @typedef {{ title: string, failure?: string }} Result of a check; without a failure it passed */
/**
 * @typedef {object} Platform what a runtime has
 * @property {string} stageUrl
 * @property {string} adapter the one in use; '' where it does not matter
 * @property {(adapter: string, text: string) => unknown} streamOf a body that can be read once, as this adapter takes it
 * @property {((thing: unknown) => string)[]} showings its ways to print a thing
 * @property {string} [selfUrl] where it listens for requests, if it is a server
 */
/** @typedef {Record<string, (scene: import('./scene.mjs').Scene, platform: Platform) => Promise<void>>} Checks by their titles */

// Of a check that waits for what never comes.
const LONGEST_CHECK = 60_000

/**
 * No runner of tests is in all runtimes: these few lines are.
 *
 * @param {Checks} checks
 * @param {Platform} platform
 * @returns {Promise<Result[]>}
 */
export async function runChecks(checks, platform) {
  /** @type {Result[]} */
  const results = []
  for (const [name, check] of Object.entries(checks)) {
    const title = platform.adapter ? `${name} (${platform.adapter})` : name
    const scene = await openScene(platform.stageUrl)
    try {
      await inTime(check(scene, platform))
      results.push({ title })
    } catch (error) {
      results.push({ title, failure: error instanceof Error ? String(error.stack) : String(error) })
    } finally {
      await scene.ask('close')
    }
  }
  return results
}

/** @param {Promise<void>} running */
async function inTime(running) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer
  const tooLong = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`not at the end after ${LONGEST_CHECK} ms`)), LONGEST_CHECK)
  })
  await Promise.race([running, tooLong]).finally(() => clearTimeout(timer))
}
