import { isPromise } from './option'

/** What the library did, for logs and metrics. No event ever holds a credential: tokens are named by a serial number. */
export type AuthEvent =
  /** A request went out without our credentials: its URL is outside the protection space, or it brought its own. */
  | {
      readonly type: 'skipped'
      readonly reason: 'origin' | 'own-credentials' | 'opted-out'
      readonly origin: string
    }
  /** The API refused a request. */
  | { readonly type: 'refused'; readonly status: number; readonly origin: string }
  /** The request is sent once more. */
  | { readonly type: 'replayed'; readonly origin: string }

/** Is told what happens. What it throws is ignored: watching must not change what is watched. */
export type EventListener<Event> = (event: Event) => unknown

export function emitter<Event>(listener: EventListener<Event> | undefined): (event: Event) => void {
  if (listener === undefined) return () => undefined
  if (typeof listener !== 'function') throw new TypeError('`onEvent` must be a function')
  return (event) => {
    try {
      const answer = listener(event)
      if (isPromise(answer)) answer.then(undefined, () => undefined)
    } catch {
      // See above.
    }
  }
}
