/** @typedef {{ at: number, order: number, happen: () => void }} Event */

/** What is to happen, the earliest first; of what is to happen at once, in the order it came. */
export function eventQueue() {
  /** A heap: none is earlier than the one at half its place. @type {Event[]} */
  const heap = []
  let order = 0

  const isEarlier = (/** @type {Event} */ one, /** @type {Event} */ other) =>
    one.at < other.at || (one.at === other.at && one.order < other.order)

  return {
    /** When the next one is to happen. */
    next: () => heap[0]?.at ?? Number.POSITIVE_INFINITY,

    /** @param {number} at @param {() => void} happen */
    add(at, happen) {
      const event = { at, order: order++, happen }
      let place = heap.length
      while (place > 0) {
        const parent = (place - 1) >> 1
        if (!isEarlier(event, heap[parent])) break
        heap[place] = heap[parent]
        place = parent
      }
      heap[place] = event
    },

    /** Takes the next one, of which there must be one. */
    take() {
      const first = heap[0]
      const last = /** @type {Event} */ (heap.pop())
      if (heap.length === 0) return first
      let place = 0
      for (;;) {
        let child = 2 * place + 1
        if (child + 1 < heap.length && isEarlier(heap[child + 1], heap[child])) child += 1
        if (child >= heap.length || !isEarlier(heap[child], last)) break
        heap[place] = heap[child]
        place = child
      }
      heap[place] = last
      return first
    },
  }
}
