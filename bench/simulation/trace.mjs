import { bell, drawAt, randomFrom } from './random.mjs'

export const SECOND = 1000
export const MINUTE = 60 * SECOND
export const HOUR = 60 * MINUTE

/** What is drawn: each kind has draws of its own. */
const STREAM = { latency: 1, error: 2, transit: 3, server: 4, clock: 5, outage: 6, arrival: 7, library: 8 }

/** What happens to a fleet. Times are in milliseconds. */
export const WORLD = {
  duration: 24 * HOUR,
  tokenLife: 600 * SECOND,
  /** How far apart the requests of each process are, on average. */
  gaps: [
    ...Array(40).fill(2 * SECOND),
    ...[0.5, 1, 1, 2, 2, 5, 5, 10, 20, 30].map((minutes) => minutes * MINUTE),
  ],
  /** All processes start at once, as after a deployment; or each at some time within so long. */
  startsWithin: 0,
  outages: { count: 10, shortest: 1 * MINUTE, longest: 10 * MINUTE },
  /** Of ten outages so many do not answer at all, and the token call ends with the timeout of its HTTP client. */
  silent: 0.3,
  clientTimeout: 10 * SECOND,
  /** Of a hundred token calls outside outages. */
  errorRate: 0.01,
  /** Nine of ten token calls take from 80 to 400 ms (log-normal). */
  latency: { median: 180, spread: 0.49, longest: 5 * SECOND },
  /** From a process to the API, one way. */
  transit: { least: 5, most: 50 },
  /** How many servers the API has, and how far their clocks are from the issuer's at most. */
  servers: 10,
  clockError: 2 * SECOND,
}

/** @typedef {typeof WORLD} World */
/** @typedef {{ from: number, to: number, isSilent: boolean }} Outage */
/** @typedef {ReturnType<typeof traceOf>} Trace */

/**
 * All that chance decides, from one seed: the same for every strategy that is put into this world.
 *
 * @param {number} seed
 * @param {Partial<World>} [changes]
 */
export function traceOf(seed, changes = {}) {
  const world = { ...WORLD, ...changes }
  const draw = (/** @type {number[]} */ ...place) => drawAt(seed, ...place)
  const { latency, transit } = world
  const clocks = Array.from(
    { length: world.servers },
    (_, server) => (2 * draw(STREAM.clock, server) - 1) * world.clockError,
  )

  return {
    seed,
    world,
    arrivals: arrivalsOf(world, randomFrom(seed + STREAM.arrival)),
    outages: outagesOf(world, randomFrom(seed + STREAM.outage)),
    /** The n-th token call of a process. @param {number} process @param {number} n */
    tokenCall: (process, n) => ({
      duration: Math.min(
        latency.longest,
        latency.median * Math.exp(latency.spread * bell(draw(STREAM.latency, process, n))),
      ),
      isError: draw(STREAM.error, process, n) < world.errorRate,
    }),
    /** How the n-th request travels. @param {number} request @param {number} attempt */
    apiCall: (request, attempt) => ({
      transit: transit.least + (transit.most - transit.least) * draw(STREAM.transit, request, attempt),
      clock: clocks[Math.floor(world.servers * draw(STREAM.server, request, attempt))],
    }),
    /** The random source of a process's own. @param {number} process */
    randomOf: (process) => randomFrom(seed + STREAM.library * 1000 + process),
  }
}

/**
 * Poisson traffic of the whole fleet: the sum of such streams is one, in which each request belongs to a process by its
 * share.
 *
 * @param {World} world
 * @param {() => number} random
 */
function arrivalsOf({ duration, gaps, startsWithin }, random) {
  const rates = gaps.map((gap) => 1 / gap)
  const rate = rates.reduce((sum, one) => sum + one, 0)
  const bounds = rates.map((_, at) => rates.slice(0, at + 1).reduce((sum, one) => sum + one, 0))
  const starts = gaps.map(() => startsWithin * random())
  const times = []
  const processes = []
  for (let now = 0; ; ) {
    now -= Math.log(1 - random()) / rate
    if (now >= duration) break
    const share = random() * rate
    const process = bounds.findIndex((bound) => share < bound)
    if (now < starts[process]) continue
    times.push(now)
    processes.push(process)
  }
  return { times: Float64Array.from(times), processes: Uint8Array.from(processes) }
}

/**
 * Spread over the day, without overlap.
 *
 * @param {World} world
 * @param {() => number} random
 * @returns {Outage[]}
 */
function outagesOf({ duration, outages: { count, shortest, longest }, silent }, random) {
  /** @type {Outage[]} */
  const outages = []
  while (outages.length < count) {
    const from = random() * duration
    const to = from + shortest + random() * (longest - shortest)
    const isSilent = random() < silent
    const isFree = outages.every((other) => to < other.from || from > other.to)
    if (isFree && to < duration) outages.push({ from, to, isSilent })
  }
  return outages.sort((one, other) => one.from - other.from)
}
