import { issuerOf } from './issuer.mjs'
import { idle, virtualTime } from './virtual-time.mjs'

// The date does not matter.
const DAWN = Date.UTC(2026, 0, 1)

/** @typedef {{ readonly value: string }} Token */
/**
 * What a process has to get its tokens from. `refused` is asked after a 401 for a token to send the request again with;
 * without one the caller gets the 401.
 *
 * @typedef {{ token(): Token | Promise<Token>, refused?(token: Token): Token | Promise<Token> | undefined }} Client
 */
/**
 * What a client can do: ask the issuer, look at the clock (milliseconds since 1970), draw, wait. `stir` tells that it has
 * begun something while it answered at once.
 *
 * @typedef {{ ask(): Promise<any>, now(): number, random(): number, pause(delay: number): Promise<void>, stir(): void }} Surroundings
 * @typedef {(surroundings: Surroundings) => Client} Strategy
 */
/** @typedef {Awaited<ReturnType<typeof run>>} Tally */

/**
 * Puts a fleet of one strategy into the world of a trace, and counts what its callers, the API and the issuer see.
 *
 * @param {import('./trace.mjs').Trace} trace
 * @param {Strategy} strategy
 */
export async function run(trace, strategy) {
  const { arrivals, world } = trace
  const time = virtualTime()
  const issuer = issuerOf(trace, time)
  let isStirred = false
  let answered = 0
  /** @type {number[]} */
  const waits = []
  const failures = { withValidToken: 0, issuerUp: 0, noToken: 0 }
  let refusals = 0

  const stir = () => {
    isStirred = true
  }
  const clients = world.gaps.map((_, process) =>
    strategy({
      ask: () => {
        stir()
        return issuer.ask(process)
      },
      now: () => DAWN + time.now(),
      random: trace.randomOf(process),
      pause: time.pause,
      stir,
    }),
  )

  /** @param {number} process */
  function fail(process) {
    answered += 1
    if (issuer.hasValid(process)) failures.withValidToken += 1
    else if (issuer.isOut()) failures.noToken += 1
    else failures.issuerUp += 1
  }

  /** @param {number} request @param {(token: Token) => void} use @param {Token | Promise<Token>} token */
  function await_(request, token, use) {
    if (!(token instanceof Promise)) return use(token)
    stir()
    const since = time.now()
    const note = () => waits.push(time.now() - since)
    token.then(
      (got) => {
        note()
        use(got)
      },
      () => {
        note()
        fail(arrivals.processes[request])
      },
    )
  }

  // Later than this before its end no token is refused, whatever the clocks say.
  const safety = world.clockError + world.transit.most

  /** @param {number} request @param {number} attempt @param {Token} token */
  function send(request, attempt, token) {
    const end = issuer.endOf(token.value)
    if (time.now() + safety < end) {
      answered += 1
      return
    }
    const { transit, clock } = trace.apiCall(request, attempt)
    if (time.now() + transit + clock < end) {
      answered += 1
      return
    }
    refusals += 1
    time.after(2 * transit, () => {
      const process = arrivals.processes[request]
      const next = attempt === 0 ? clients[process].refused?.(token) : undefined
      if (next === undefined) fail(process)
      else await_(request, next, (token) => send(request, attempt + 1, token))
    })
  }

  for (let request = 0; request < arrivals.times.length; request++) {
    const at = arrivals.times[request]
    if (time.isDue(at)) await time.goOn(at)
    time.skipTo(at)
    isStirred = false
    await_(request, clients[arrivals.processes[request]].token(), (token) => send(request, 0, token))
    // Time goes on only when nobody has anything left to do.
    if (isStirred) await idle()
  }
  await time.goOn(world.duration + 2 * world.clientTimeout)

  const requests = arrivals.times.length
  if (answered !== requests) throw new Error(`${requests - answered} requests never came to an end`)
  waits.sort((one, other) => one - other)
  return {
    requests,
    waits: {
      count: waits.length,
      total: waits.reduce((sum, wait) => sum + wait, 0),
      p95: waits[Math.ceil(0.95 * waits.length) - 1] ?? 0,
    },
    failures: { ...failures, total: failures.withValidToken + failures.issuerUp + failures.noToken },
    refusals,
    tokenCalls: {
      total: issuer.calls.total,
      worstSecond: issuer.calls.perSecond.reduce((most, one) => Math.max(most, one), 0),
      worstSecondAfterStart: issuer.calls.perSecond
        .subarray(60)
        .reduce((most, one) => Math.max(most, one), 0),
      duringOutages: issuer.calls.duringOutages,
    },
  }
}
