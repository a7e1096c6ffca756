import axios from 'axios'
import { entries } from './entries.mjs'
import { replays } from './replays.mjs'
import { runChecks } from './run-checks.mjs'
import { secrecy } from './secrecy.mjs'
import { tokens } from './tokens.mjs'

/** @typedef {{ axios: string, adapters: string[], results: import('./run-checks.mjs').Result[] }} Report */

/**
 * What is checked everywhere, with each adapter that axios finds here, and what is checked here only.
 *
 * @param {Omit<import('./run-checks.mjs').Platform, 'adapter'>} platform
 * @param {import('./run-checks.mjs').Checks} more
 * @returns {Promise<Report>}
 */
export async function runSuite(platform, more) {
  const adapters = ['xhr', 'http', 'fetch'].filter(isHere)
  const checks = { ...tokens, ...replays, ...secrecy, ...entries }
  const results = []
  for (const adapter of adapters) results.push(...(await runChecks(checks, { ...platform, adapter })))
  results.push(...(await runChecks(more, { ...platform, adapter: '' })))
  return { axios: axios.VERSION, adapters, results }
}

/** @param {string} adapter */
function isHere(adapter) {
  try {
    return typeof axios.getAdapter(adapter) === 'function'
  } catch {
    return false
  }
}
