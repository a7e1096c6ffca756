import type { AxiosRequestConfig } from 'axios'
import { abortedBy, timedOut } from './errors'

/** How long a caller is willing to wait, all in all: for a token, for its request and for the replay. */
export interface Patience {
  /** Waits for shared work, but rejects as axios would as soon as the caller aborts or its `timeout` is over. */
  wait<T>(work: Promise<T>): Promise<T>
  /** What is left of the caller's `timeout`, in milliseconds; undefined if it set none. Throws when nothing is left. */
  left(): number | undefined
}

// What setTimeout can hold; a longer delay would fire at once.
const LONGEST_DELAY = 2 ** 31 - 1

export function patienceOf(config: AxiosRequestConfig): Patience {
  const timeout = Number(config.timeout) || 0
  const deadline = timeout > 0 ? Date.now() + timeout : undefined

  function left(): number | undefined {
    const aborted = abortedBy(config)
    if (aborted) throw aborted
    if (deadline === undefined) return undefined
    const rest = deadline - Date.now()
    if (rest <= 0) throw timedOut(config, timeout)
    return rest
  }

  function wait<T>(work: Promise<T>): Promise<T> {
    const { cancelToken, signal } = config as unknown as { cancelToken?: Subscribable; signal?: AbortSignal }
    if (!cancelToken && !signal && deadline === undefined) return work
    return new Promise<T>((resolve, reject) => {
      const done = (): void => {
        clearTimeout(timer)
        signal?.removeEventListener('abort', leave)
        cancelToken?.unsubscribe(leave)
      }
      const leave = (): void => {
        done()
        reject(abortedBy(config) ?? timedOut(config, timeout))
      }
      const timer = deadline && setTimeout(leave, Math.min(deadline - Date.now(), LONGEST_DELAY))
      signal?.addEventListener('abort', leave)
      cancelToken?.subscribe(leave)
      if (signal?.aborted) leave()
      work.then(resolve, reject).finally(done)
    })
  }

  return { wait, left }
}

/** The part of axios's CancelToken that its types leave out. */
interface Subscribable {
  subscribe(listener: () => void): void
  unsubscribe(listener: () => void): void
}
