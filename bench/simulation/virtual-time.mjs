import { createHook } from 'node:async_hooks'
import { setImmediate } from 'node:timers/promises'
import { eventQueue } from './event-queue.mjs'

/** A clock that stands still until it is told to go on, and what is to happen later. Milliseconds. */
export function virtualTime() {
  const queue = eventQueue()
  let now = 0

  return {
    now: () => now,
    /** @param {number} delay @param {() => void} happen */
    after: (delay, happen) => queue.add(now + delay, happen),
    /** @param {number} delay @returns {Promise<void>} */
    pause: (delay) => new Promise((resolve) => queue.add(now + delay, resolve)),
    /**
     * Lets everything happen that is due until then; after each, all that waited for it goes on before time does.
     * Nothing to wait for if nothing is due.
     *
     * @param {number} until
     */
    goOn(until) {
      if (queue.next() > until) {
        now = until
        return
      }
      return happenUntil(until)
    },
  }

  /** @param {number} until */
  async function happenUntil(until) {
    while (queue.next() <= until && queue.next() < Number.POSITIVE_INFINITY) {
      const { at, happen } = queue.take()
      now = at
      happen()
      await idle()
    }
    now = until
  }
}

/** An immediate runs when no promise is left that is settled and has not been followed. */
export const idle = () => setImmediate()

let begun = 0
createHook({
  init() {
    begun += 1
  },
}).enable()

/** Runs `act`, and until all is idle if it left anything to be done later. Most acts leave nothing, and need no wait. @param {() => void} act */
export function settled(act) {
  const before = begun
  act()
  // Whatever goes on later needs a promise, a timer or the like, and Node tells of each.
  return begun === before ? undefined : idle()
}
