/** Lets no request of an instance through until it is opened. @param {import('axios').AxiosInstance} client */
export function hold(client) {
  const gate = deferred()
  client.interceptors.request.use((config) => gate.promise.then(() => config))
  return gate.resolve
}

/** A promise that is fulfilled by hand. */
export function deferred() {
  /** @type {() => void} */
  let resolve = () => undefined
  const promise = /** @type {Promise<void>} */ (
    new Promise((settle) => {
      resolve = settle
    })
  )
  return { promise, resolve: () => resolve() }
}
