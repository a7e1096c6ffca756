/**
 * A promise that a test settles by hand.
 *
 * @template [Value=void]
 * @returns {{ promise: Promise<Value>, resolve: (value: Value | PromiseLike<Value>) => void, reject: (reason: unknown) => void }}
 */
export function deferred() {
  /** @type {any} */
  let settle
  const promise = new Promise((resolve, reject) => {
    settle = { resolve, reject }
  })
  return { promise, ...settle }
}

/** A gate, open at first. While it is closed, everyone who passes waits for it to open. */
export function gate() {
  /** @type {ReturnType<typeof deferred<void>> | undefined} */
  let closed
  let waiting = 0
  /** @type {{ count: number, arrived: () => void }[]} */
  let watchers = []

  return {
    close() {
      closed ??= deferred()
    },
    open() {
      closed?.resolve()
      closed = undefined
      waiting = 0
    },
    /** @returns {Promise<void>} */
    async pass() {
      if (!closed) return
      waiting += 1
      for (const { count, arrived } of watchers) if (waiting >= count) arrived()
      watchers = watchers.filter(({ count }) => waiting < count)
      await closed.promise
    },
    /** Fulfilled as soon as so many wait at the closed gate: this is how a test knows that a request has arrived. */
    async held(count = 1) {
      if (waiting >= count) return
      const { promise, resolve } = deferred()
      watchers.push({ count, arrived: resolve })
      await promise
    },
  }
}
