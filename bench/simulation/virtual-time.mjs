import { setImmediate } from 'node:timers/promises'

/** A clock that stands still until it is told to go on, and what is to happen later. */
export function virtualTime() {
  /** A heap: no event is earlier than the one at half its place. @type {{ at: number, order: number, happen: () => void }[]} */
  const events = []
  let now = 0
  let order = 0

  /** @param {number} at @param {() => void} happen */
  function schedule(at, happen) {
    let place = events.push({ at, order: order++, happen }) - 1
    for (let parent; place > 0 && isEarlier(place, (parent = (place - 1) >> 1)); place = parent)
      swap(place, parent)
  }
  function takeFirst() {
    const first = events[0]
    const last = events.pop()
    if (events.length > 0) {
      events[0] = last
      for (
        let place = 0, child;
        (child = earlierChild(place)) !== undefined && isEarlier(child, place);
        place = child
      )
        swap(place, child)
    }
    return first
  }
  const earlierChild = (/** @type {number} */ place) => {
    const [left, right] = [2 * place + 1, 2 * place + 2]
    if (left >= events.length) return undefined
    return right < events.length && isEarlier(right, left) ? right : left
  }
  const isEarlier = (/** @type {number} */ one, /** @type {number} */ other) =>
    events[one].at < events[other].at ||
    (events[one].at === events[other].at && events[one].order < events[other].order)
  const swap = (/** @type {number} */ one, /** @type {number} */ other) => {
    ;[events[one], events[other]] = [events[other], events[one]]
  }

  return {
    now: () => now,
    /** @param {number} delay @param {() => void} happen */
    after: (delay, happen) => schedule(now + delay, happen),
    /** @param {number} delay @returns {Promise<void>} */
    pause: (delay) => new Promise((resolve) => schedule(now + delay, resolve)),
    /** Lets everything happen that is due until then, and waits after each until all promises have been followed. @param {number} until */
    async goOn(until) {
      while (events.length > 0 && events[0].at <= until) {
        const { at, happen } = takeFirst()
        now = at
        happen()
        await idle()
      }
      now = until
    },
    isDue: (/** @type {number} */ at) => events.length > 0 && events[0].at <= at,
    /** Nothing is due until then. @param {number} at */
    skipTo(at) {
      now = at
    },
  }
}

/** An immediate runs when the queue of microtasks is empty: whoever waits for a promise that is settled has gone on. */
export const idle = () => setImmediate()
