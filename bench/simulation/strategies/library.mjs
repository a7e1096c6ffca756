// What setTimeout can hold: the timeout of a fetch is in real time, which hardly passes here.
const NO_TIMEOUT = 2 ** 31 - 1

/** @typedef {import('../../../dist/index.js').AccessToken} AccessToken */
/**
 * The library itself: a token source for each process, used as `bearerAuth` uses it.
 *
 * @param {typeof import('../../../dist/index.js').tokenSource} tokenSource
 * @param {import('../../../dist/index.js').TokenSourceOptions} [options]
 * @returns {import('../run.mjs').Strategy}
 */
export const library =
  (tokenSource, options = {}) =>
  ({ ask, now, random }) => {
    const source = tokenSource(ask, { timeout: NO_TIMEOUT, ...options, now, random })
    const token = () => source.current() ?? source.get()
    return {
      token,
      refused: (refused) => (source.reject(/** @type {AccessToken} */ (refused)) ? token() : undefined),
    }
  }
