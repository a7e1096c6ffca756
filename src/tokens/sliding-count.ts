// More than anybody asks for.
const MOST_KEPT = 10

/** How often something happened lately, on a clock that its owner holds. */
export interface SlidingCount {
  /** It happens now. Gives how often it has happened within the window, this time included; ten at most. */
  add(now: number): number
  /** When it will have happened less than so often within the window. */
  whenBelow(count: number, now: number): number
}

export function slidingCount(window: number): SlidingCount {
  let times: number[] = []
  return {
    add(now) {
      times = [...times, now].slice(-MOST_KEPT)
      return times.filter((time) => time + window > now).length
    },
    whenBelow: (count, now) => Math.max(now, (times.at(-count) ?? Number.NEGATIVE_INFINITY) + window),
  }
}
