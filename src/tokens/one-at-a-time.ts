import pMemoize from 'p-memoize'

/** Shares one call among all who ask while it is under way; its outcome is not remembered. */
export function oneAtATime<Reason, Result>(
  call: (reason: Reason) => Promise<Result>,
): (reason: Reason) => Promise<Result> {
  let pending: Promise<Result> | undefined
  const memoized = pMemoize(
    async (begin: () => Promise<Result>) => {
      await Promise.resolve()
      return begin()
    },
    { cache: false, cacheKey: () => '' },
  )
  /**
   * Who joins whom is told by the promise that p-memoize gives. Its majors call back at different moments, one of them
   * too early: a call starts here, at once, when p-memoize has noted it and who asks from within it will join it.
   */
  return (reason) => {
    let started: Promise<Result> | undefined
    const begin = (): Promise<Result> => {
      started ??= call(reason)
      return started
    }
    const shared = memoized(begin)
    if (shared !== pending) {
      pending = shared
      begin().catch(() => undefined)
    }
    return shared
  }
}
