/**
 * A token counts as over so many milliseconds before it is. Then all requests wait for one fetch, and fail if it fails.
 *
 * @param {number} margin
 * @returns {import('../run.mjs').Strategy}
 */
export const fixedMargin =
  (margin) =>
  ({ ask, now }) => {
    /** @type {{ value: string, expiresAt: number } | undefined} */
    let held
    /** @type {Promise<{ value: string }> | undefined} */
    let pending

    async function fetchToken() {
      try {
        const { access_token, expires_in } = await ask()
        held = { value: access_token, expiresAt: now() + expires_in * 1000 }
        return held
      } finally {
        pending = undefined
      }
    }
    return {
      token() {
        if (held && now() < held.expiresAt - margin) return held
        pending ??= fetchToken()
        return pending
      },
    }
  }
