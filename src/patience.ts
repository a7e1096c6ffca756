import type { AxiosRequestConfig } from 'axios'
import { abortedBy, timedOut } from './errors'

// What setTimeout can hold; a longer delay would fire at once.
const LONGEST_DELAY = 2 ** 31 - 1

/** How long a caller is willing to wait, all in all: for a token, for its request and for the replay. */
export class Patience {
  readonly #config: AxiosRequestConfig
  readonly #timeout: number
  readonly #deadline: number | undefined

  constructor(config: AxiosRequestConfig) {
    this.#config = config
    this.#timeout = Number(config.timeout) || 0
    // Nobody can turn this clock.
    this.#deadline = this.#timeout > 0 ? performance.now() + this.#timeout : undefined
  }

  /** What is left of the caller's `timeout`, in milliseconds; undefined if it set none. Throws when nothing is left. */
  left(): number | undefined {
    const aborted = abortedBy(this.#config)
    if (aborted) throw aborted
    if (this.#deadline === undefined) return undefined
    const rest = this.#deadline - performance.now()
    if (rest <= 0) throw timedOut(this.#config, this.#timeout)
    return rest
  }

  /** Waits for shared work, but rejects as axios would as soon as the caller aborts or its `timeout` is over. */
  wait<T>(work: Promise<T>): Promise<T> {
    const config = this.#config
    const deadline = this.#deadline
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
        reject(abortedBy(config) ?? timedOut(config, this.#timeout))
      }
      const timer = deadline && setTimeout(leave, Math.min(deadline - performance.now(), LONGEST_DELAY))
      signal?.addEventListener('abort', leave)
      cancelToken?.subscribe(leave)
      if (signal?.aborted) leave()
      work.then(resolve, reject).finally(done)
    })
  }
}

/** The part of axios's CancelToken that its types leave out. */
interface Subscribable {
  subscribe(listener: () => void): void
  unsubscribe(listener: () => void): void
}
