export const SECOND = 1000

/** In seconds. */
export const TOKEN_LIFE = 5
/** In milliseconds. */
export const OUTAGE = 8 * SECOND

/** How the issuer fails, one outage after the other. @typedef {'503' | 'reset' | 'no answer'} Failure */
/** @type {Failure[]} */
const FAILURES = ['503', 'reset', 'no answer']

/** @typedef {{ at: number, do: 'revoke' } | { at: number, do: 'end', how: Failure } | { at: number, do: 'begin' }} Step */

/**
 * What happens to the issuer, in milliseconds of the run: every 30 s all tokens are revoked; every 60 s it is out for
 * 8 s. Every other outage begins 2 s before a revocation, the rest 1 s after one.
 *
 * @param {number} duration
 * @returns {Step[]}
 */
export function scheduleOf(duration) {
  /** @type {Step[]} */
  const steps = []
  for (let at = 12 * SECOND; at < duration; at += 30 * SECOND) steps.push({ at, do: 'revoke' })
  for (let index = 0; ; index += 1) {
    const at = (40 + 60 * index + 3 * (index % 2)) * SECOND
    if (at + OUTAGE > duration) break
    steps.push({ at, do: 'end', how: FAILURES[index % FAILURES.length] }, { at: at + OUTAGE, do: 'begin' })
  }
  return steps.sort((one, other) => one.at - other.at)
}
