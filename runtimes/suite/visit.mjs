import { expectEqual } from './expect.mjs'

/** @typedef {import('./run-checks.mjs').Platform} Platform */

/** An incoming request that must be served. @param {Platform} platform @param {string} path */
export async function visit({ selfUrl }, path) {
  const response = await fetch(selfUrl + path)
  expectEqual([response.status, response.ok || (await response.text())], [200, true], `the answer to ${path}`)
}

/** One that is answered while the request that it began is still under way. @param {Platform} platform */
export async function begin({ selfUrl }) {
  await (await fetch(`${selfUrl}/begin`)).text()
}
