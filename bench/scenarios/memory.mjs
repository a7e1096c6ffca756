import { probe } from '../probes/probe.mjs'

export const SUBJECTS = {
  'bare axios': 'requests',
  'this library': 'requests',
  'this library, a token for each of them': 'keys',
}

/** The heap after many requests, each subject in a process of its own. @param {{ isQuick: boolean }} plan */
export async function memory({ isQuick }) {
  const most = isQuick ? 50_000 : 1_000_000
  /** @type {Record<string, { early: number, late: number, count: number }>} */
  const heaps = {}
  for (const name of Object.keys(SUBJECTS)) {
    heaps[name] = await probe('memory.mjs', [name, String(most)], ['--expose-gc'])
  }
  return heaps
}
