/**
 * Throws unless both are the same in JSON.
 *
 * @param {unknown} actual
 * @param {unknown} expected
 * @param {string} what
 */
export function expectEqual(actual, expected, what) {
  const [is, shouldBe] = [JSON.stringify(actual), JSON.stringify(expected)]
  if (is !== shouldBe) throw new Error(`${what}: ${is}, not ${shouldBe}`)
}

/**
 * The error that a promise is rejected with.
 *
 * @param {Promise<unknown>} promise
 * @returns {Promise<any>}
 */
export async function failureOf(promise) {
  const failure = await promise.then(
    () => undefined,
    (error) => error,
  )
  if (!failure) throw new Error('it did not fail')
  return failure
}
