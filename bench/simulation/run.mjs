import { issuerOf } from './issuer.mjs'
import { tallyOf } from './tally.mjs'
import { settled, virtualTime } from './virtual-time.mjs'

// Which day it is does not matter.
const DAWN = Date.UTC(2026, 0, 1)

/** @typedef {{ readonly value: string }} Token */
/**
 * Where a process gets its tokens from. `refused` is asked after a 401 for a token to send the request once more with;
 * without one the caller gets the 401.
 *
 * @typedef {{ token(): Token | Promise<Token>, refused?(token: Token): Token | Promise<Token> | undefined }} Client
 */
/**
 * What a client can do: ask the issuer, look at the clock (milliseconds since 1970), draw, wait.
 *
 * @typedef {{ ask(): Promise<any>, now(): number, random(): number, pause(delay: number): Promise<void> }} Surroundings
 * @typedef {(surroundings: Surroundings) => Client} Strategy
 */

/**
 * Puts a fleet that follows one strategy into the world of a trace, and counts what its callers and the issuer see.
 *
 * @param {import('./trace.mjs').Trace} trace
 * @param {Strategy} strategy
 * @returns {Promise<import('./tally.mjs').Day>}
 */
export async function run(trace, strategy) {
  const { arrivals, world, apiCall, randomOf } = trace
  const time = virtualTime()
  const issuer = issuerOf(trace, time)
  const tally = tallyOf()
  const clients = world.gaps.map((_, process) =>
    strategy({
      ask: () => issuer.ask(process),
      now: () => DAWN + time.now(),
      random: randomOf(process),
      pause: time.pause,
    }),
  )
  const processOf = (/** @type {number} */ request) => arrivals.processes[request]

  /** A request sets out with its token, or waits for it. @param {number} request @param {number} attempt @param {Token | Promise<Token>} token */
  function setOut(request, attempt, token) {
    if (!(token instanceof Promise)) return send(request, attempt, token)
    const since = time.now()
    if (issuer.hasValid(processOf(request))) tally.waitsWithValidToken += 1
    token
      .finally(() => tally.waits.push(time.now() - since))
      .then(
        (got) => send(request, attempt, got),
        () => fail(request),
      )
  }

  // A token that lives longer than this is good wherever the request goes: most need no closer look.
  const farthest = world.transit.most + world.clockError

  /** @param {number} request @param {number} attempt @param {Token} token */
  function send(request, attempt, token) {
    const left = issuer.endOf(token.value) - time.now()
    if (left > farthest) return succeed()
    const { transit, clock } = apiCall(request, attempt)
    if (left > transit + clock) return succeed()
    tally.refusals += 1
    time.after(2 * transit, () => {
      const next = attempt === 0 ? clients[processOf(request)].refused?.(token) : undefined
      if (next) setOut(request, attempt + 1, next)
      else fail(request)
    })
  }

  function succeed() {
    tally.requests += 1
  }
  /** @param {number} request */
  function fail(request) {
    tally.requests += 1
    if (issuer.hasValid(processOf(request))) tally.failures.withValidToken += 1
    else if (issuer.isOut()) tally.failures.noToken += 1
    else tally.failures.issuerUp += 1
  }

  for (let request = 0; request < arrivals.times.length; request++) {
    const happening = time.goOn(arrivals.times[request])
    if (happening) await happening
    const work = settled(() => setOut(request, 0, clients[processOf(request)].token()))
    // Time goes on when nobody has anything left to do.
    if (work) await work
  }
  await time.goOn(Number.POSITIVE_INFINITY)

  const missing = arrivals.times.length - tally.requests
  if (missing > 0) throw new Error(`${missing} requests never came to an end`)
  return { ...tally, tokenCalls: issuer.calls() }
}
