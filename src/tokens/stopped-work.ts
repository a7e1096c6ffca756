import { AuthError } from '../errors'

/**
 * Shared work that whoever waits for it begins anew if it was stopped. Workers do that to what an incoming request has begun
 * as soon as it is answered: it never ends, and who waits for it in another request is told so by an error of the runtime.
 *
 * @param share makes a function whose callers share what it does. It fails with an `AuthError` only.
 */
export function restartable<Args extends unknown[], Result>(
  share: () => (...args: Args) => Promise<Result>,
): (...args: Args) => Promise<Result> {
  let shared = share()
  return async (...args) => {
    const joined = shared
    try {
      return await joined(...args)
    } catch (error) {
      if (error instanceof AuthError) throw error
      // Once for all who waited for it.
      if (joined === shared) shared = share()
      return shared(...args)
    }
  }
}
