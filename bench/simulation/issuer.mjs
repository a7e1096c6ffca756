import { SECOND } from './trace.mjs'

/**
 * The token endpoint, its outages, and what it remembers of the tokens it gave.
 *
 * @param {import('./trace.mjs').Trace} trace
 * @param {ReturnType<typeof import('./virtual-time.mjs').virtualTime>} time
 */
export function issuerOf({ outages, tokenCall, world }, time) {
  const calls = { total: 0, duringOutages: 0, perSecond: new Uint32Array(world.duration / SECOND + 60) }
  const callsOf = world.gaps.map(() => 0)
  /** When each token is over, by the issuer's clock. @type {Map<string, number>} */
  const ends = new Map()
  /** When the last token that each process was given is over. */
  const lastEnds = world.gaps.map(() => 0)

  const outageAt = (/** @type {number} */ at) => outages.find(({ from, to }) => from <= at && at < to)

  /** The token request of a process. @param {number} process */
  function ask(process) {
    const asked = time.now()
    const outage = outageAt(asked)
    const { duration, isError } = tokenCall(process, callsOf[process]++)
    calls.total += 1
    calls.perSecond[Math.floor(asked / SECOND)] += 1
    if (outage) calls.duringOutages += 1

    return new Promise((resolve, reject) => {
      if (outage?.isSilent) {
        time.after(world.clientTimeout, () =>
          reject(new Error(`timeout of ${world.clientTimeout}ms exceeded`)),
        )
      } else if (outage || isError) {
        time.after(duration, () => reject(refusal(outage ? 503 : 500)))
      } else {
        // The token is made half-way between question and answer.
        const end = asked + duration / 2 + world.tokenLife
        time.after(duration, () => {
          const access_token = `token-${ends.size + 1}`
          ends.set(access_token, end)
          lastEnds[process] = end
          resolve({ access_token, token_type: 'Bearer', expires_in: world.tokenLife / SECOND })
        })
      }
    })
  }

  return {
    ask,
    calls,
    isOut: () => outageAt(time.now()) !== undefined,
    /** When this token is over. @param {string} token */
    endOf: (token) => /** @type {number} */ (ends.get(token)),
    /** Has the process been given a token that is still good? @param {number} process */
    hasValid: (process) => lastEnds[process] > time.now(),
  }
}

/** As axios has it. @param {number} status */
const refusal = (status) =>
  Object.assign(new Error(`Request failed with status code ${status}`), {
    response: { status, headers: {}, data: '' },
  })
