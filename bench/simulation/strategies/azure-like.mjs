const FORCED_WINDOW = 1_000
const REFRESH_WINDOW = 2 * 60_000
const RETRY_INTERVAL = 3_000

/**
 * As the token cycler of Azure's core-rest-pipeline: from two minutes before the end a worker fetches behind the
 * requests, every 3 s until the token is over. Without a token it tries once, and all who wait get its failure.
 *
 * @type {import('../run.mjs').Strategy}
 */
export function azureLike({ ask, now, pause }) {
  /** @type {{ value: string, expiresAt: number } | undefined} */
  let held
  /** @type {Promise<{ value: string }> | undefined} */
  let worker

  async function fetchToken() {
    const asked = now()
    const { access_token, expires_in } = await ask()
    return { value: access_token, expiresAt: asked + expires_in * 1000 }
  }
  async function refresh() {
    const deadline = held?.expiresAt ?? now()
    for (;;) {
      try {
        held = await fetchToken()
        return held
      } catch (error) {
        if (now() >= deadline) {
          held = undefined
          throw error
        }
        await pause(Math.min(RETRY_INTERVAL, deadline - now()))
      }
    }
  }
  function startWorker() {
    worker ??= refresh().finally(() => {
      worker = undefined
    })
    return worker
  }

  return {
    token() {
      if (!held || held.expiresAt - FORCED_WINDOW < now()) return startWorker()
      if (held.expiresAt - REFRESH_WINDOW < now()) startWorker().catch(() => undefined)
      return held
    },
  }
}
