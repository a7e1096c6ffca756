import { MINUTE, SECOND } from './trace.mjs'

/**
 * The token endpoint, its outages, and what it remembers of the tokens it gave.
 *
 * @param {import('./trace.mjs').Trace} trace
 * @param {ReturnType<typeof import('./virtual-time.mjs').virtualTime>} time
 */
export function issuerOf({ outages, tokenCall, world }, time) {
  const calls = { total: 0, duringOutages: 0 }
  // The last requests of a day may ask a little later.
  const perSecond = new Uint32Array((world.duration + MINUTE) / SECOND)
  const callsOf = world.gaps.map(() => 0)
  /** When each token is over, by the issuer's clock. @type {Map<string, number>} */
  const ends = new Map()
  const lastEndOf = world.gaps.map(() => 0)

  const outageNow = () => outages.find(({ from, to }) => from <= time.now() && time.now() < to)

  /** The token request of a process. @param {number} process */
  function ask(process) {
    const outage = outageNow()
    const { duration, isError } = tokenCall(process, callsOf[process]++)
    calls.total += 1
    if (outage) calls.duringOutages += 1
    perSecond[Math.floor(time.now() / SECOND)] += 1

    return new Promise((resolve, reject) => {
      if (outage?.isSilent) {
        const { clientTimeout } = world
        time.after(clientTimeout, () => reject(new Error(`timeout of ${clientTimeout}ms exceeded`)))
      } else if (outage || isError) {
        time.after(duration, () => reject(refusal(outage ? 503 : 500)))
      } else {
        // The token is made half-way between question and answer.
        const end = time.now() + duration / 2 + world.tokenLife
        time.after(duration, () => resolve(grant(process, end)))
      }
    })
  }

  /** @param {number} process @param {number} end */
  function grant(process, end) {
    const access_token = `token-${ends.size + 1}`
    ends.set(access_token, end)
    lastEndOf[process] = end
    return { access_token, token_type: 'Bearer', expires_in: world.tokenLife / SECOND }
  }

  return {
    ask,
    isOut: () => outageNow() !== undefined,
    /** When this token is over. @param {string} token */
    endOf: (token) => ends.get(token) ?? 0,
    /** Has the process been given a token that is still good? @param {number} process */
    hasValid: (process) => lastEndOf[process] > time.now(),
    /** How many calls there were. */
    calls: () => ({ ...calls, worstSecond: most(perSecond), worstLaterSecond: most(perSecond.subarray(60)) }),
  }
}

/** As axios has it. @param {number} status */
const refusal = (status) =>
  Object.assign(new Error(`Request failed with status code ${status}`), { response: { status, headers: {} } })

const most = (/** @type {Uint32Array} */ counts) => counts.reduce((one, other) => Math.max(one, other), 0)
