import { fork } from 'node:child_process'
import { once } from 'node:events'
import { CONTESTANTS } from '../contestants.mjs'
import { interleaved, median, quantile } from '../rounds.mjs'

/** Bare axios against itself: what differs is noise. */
export const AGAIN = 'bare axios, again'

/** @typedef {{ microseconds: number, ratio: number, lowRatio: number }} Cost */
/** @typedef {{ bare: number, own: number }} Pair */
/** @typedef {{ title: string, unit: string, isLoopback: boolean, concurrency: number, block: number, rounds: number }} Way */

/** @type {Record<string, Way>} */
export const WAYS = {
  adapter: {
    title: 'Function adapter',
    unit: 'one by one',
    isLoopback: false,
    concurrency: 1,
    block: 500,
    rounds: 80,
  },
  adapterAtOnce: {
    title: 'Function adapter',
    unit: '100 at once',
    isLoopback: false,
    concurrency: 100,
    block: 500,
    rounds: 80,
  },
  loopback: {
    title: 'Loopback server',
    unit: 'one by one',
    isLoopback: true,
    concurrency: 1,
    block: 200,
    rounds: 80,
  },
  loopbackAtOnce: {
    title: 'Loopback server',
    unit: '100 at once',
    isLoopback: true,
    concurrency: 100,
    block: 400,
    rounds: 80,
  },
}

/** What a request costs while a token is held. @param {{ isQuick: boolean }} plan */
export async function freshToken({ isQuick }) {
  /** @type {Record<string, Record<string, Cost>>} */
  const costs = {}
  const server = fork(new URL('../probes/server.mjs', import.meta.url))
  const [port] = await once(server, 'message')
  try {
    for (const [key, way] of Object.entries(WAYS)) {
      const rounds = isQuick ? 15 : way.rounds
      costs[key] = await costsOf({ ...way, rounds }, way.isLoopback ? `http://127.0.0.1:${port}` : '')
    }
  } finally {
    server.disconnect()
  }
  return costs
}

/**
 * Each contestant has a process of its own, so that it does not pay for what others have made of the compiled code of
 * axios; and each round asks all of these processes.
 *
 * @param {Way} way
 * @param {string} loopback
 */
async function costsOf({ concurrency, block, rounds }, loopback) {
  const names = [AGAIN, ...CONTESTANTS.filter((one) => !one.isOffAxios).map(({ name }) => name)]
  const processes = await Promise.all(
    names.map(async (name) => {
      const probe = fork(
        new URL('../probes/pair.mjs', import.meta.url),
        [name, String(concurrency), String(block), loopback],
        { execArgv: ['--expose-gc'] },
      )
      await once(probe, 'message')
      return { name, probe }
    }),
  )
  try {
    const pairs = await interleaved(
      Object.fromEntries(processes.map(({ name, probe }) => [name, asking(probe)])),
      { rounds, warmUp: 12 },
    )
    return Object.fromEntries(Object.entries(pairs).map(([name, pairs]) => [name, costOf(pairs)]))
  } finally {
    for (const { probe } of processes) probe.disconnect()
  }
}

/** @param {import('node:child_process').ChildProcess} probe @returns {() => Promise<Pair>} */
function asking(probe) {
  let isBareFirst = false
  return async () => {
    isBareFirst = !isBareFirst
    probe.send(isBareFirst)
    const [pair] = await once(probe, 'message')
    return pair
  }
}

/** @param {Pair[]} pairs @returns {Cost} */
const costOf = (pairs) => ({
  microseconds: median(pairs.map(({ own }) => own)),
  ratio: median(pairs.map(({ own, bare }) => own / bare)),
  lowRatio:
    quantile(
      pairs.map(({ own }) => own),
      0.1,
    ) /
    quantile(
      pairs.map(({ bare }) => bare),
      0.1,
    ),
})
