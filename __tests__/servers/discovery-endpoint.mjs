const documents = {
  openid: '/.well-known/openid-configuration',
  oauth: '/.well-known/oauth-authorization-server',
}

/**
 * Stands before the two discovery documents of the provider, which say the same: counts, fails and hides them.
 *
 * @param {{ use(middleware: (context: any, next: () => Promise<void>) => Promise<void>): void }} provider
 * @param {{ discovery: keyof typeof documents | 'both' }} options which of the two there is
 */
export function observeDiscovery(provider, { discovery }) {
  /** @type {string[]} */
  const requests = []
  let failure = { left: 0, status: 503 }

  provider.use(async (context, next) => {
    if (context.method !== 'GET' || !Object.values(documents).includes(context.path)) return next()
    requests.push(context.path)
    if (failure.left > 0) {
      failure.left -= 1
      context.status = failure.status
      context.body = ''
    } else if (discovery === 'both' || context.path === documents[discovery]) {
      await next()
    } else {
      context.status = 404
    }
  })

  return {
    requests,
    /**
     * Answers the next `times` discovery requests, of either kind, with `status`; 0 times ends it.
     *
     * @param {number} times
     * @param {number} [status]
     */
    fail(times, status = 503) {
      failure = { left: times, status }
    },
  }
}
