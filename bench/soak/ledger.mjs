/** @typedef {{ number: number, from: number, until: number }} Validity */
/** @typedef {{ from: number, to: number }} Outage */
/**
 * Why a request failed. The two last are faults of the library.
 *
 * @typedef {'the issuer was out, and no valid token left'
 *   | 'no valid token, and the library asks for none: the pause after an outage'
 *   | 'while the issuer was up'
 *   | 'with a valid token'} Blame
 */

/** The library's own rule: so long after a failure none is asked for, at most. */
const LONGEST_GAP = 6000

/**
 * When the client held a token that the issuer had given and not taken back, and when the issuer was out. All times are
 * of the wall clock.
 *
 * @param {number} fetchTimeout how long a fetch that began in an outage may go on after it
 */
export function ledgerOf(fetchTimeout) {
  /** The few that are recent. @type {Validity[]} */
  let tokens = []
  /** @type {Outage} */
  let outage = { from: Number.NEGATIVE_INFINITY, to: Number.NEGATIVE_INFINITY }
  /** Was there one at every moment from the one to the other? */
  function covers(/** @type {number} */ from, /** @type {number} */ to) {
    let at = from
    for (const token of tokens) if (token.from <= at && token.until > at) at = token.until
    return at > to
  }

  return {
    /** @param {Validity} token */
    received(token) {
      tokens = [...tokens, token].slice(-20)
    },
    /** @param {number} upTo @param {number} at */
    revoked(upTo, at) {
      for (const token of tokens) if (token.number <= upTo) token.until = Math.min(token.until, at)
    },
    /** @param {'up' | 'out'} state @param {number} at */
    issuerIs(state, at) {
      outage = state === 'out' ? { from: at, to: Number.POSITIVE_INFINITY } : { ...outage, to: at }
    },
    /**
     * @param {number} from when the request began
     * @param {number} to when it failed
     * @param {string} code how
     * @returns {Blame}
     */
    blame(from, to, code) {
      if (covers(from, to)) return 'with a valid token'
      if (to >= outage.from && from <= outage.to + fetchTimeout)
        return 'the issuer was out, and no valid token left'
      // A token that was refused is kept in this pause, and its 401 handed over.
      const isPaused = code === 'ERR_AUTH_TOKEN_THROTTLED' || code === '401'
      return isPaused && from <= outage.to + fetchTimeout + LONGEST_GAP
        ? 'no valid token, and the library asks for none: the pause after an outage'
        : 'while the issuer was up'
    },
  }
}
