/** `requestAnimationFrame` and its end. */
export interface Frames {
  request(callback: (at: number) => void): number
  cancel(id: number): void
}

export interface Running {
  start(): void
  stop(): void
}

/** After a page was kept busy, or asleep, the world goes on where it was: it does not hurry after. Milliseconds. */
const LONGEST_STEP = 100

/** Lets something go on by the time that has passed, a frame at a time and never two at once. */
export function running(frames: Frames, goOn: (elapsed: number) => Promise<void>): Running {
  let asked: number | undefined
  let last: number | undefined

  function next(): void {
    asked = frames.request(async (at) => {
      const elapsed = Math.min(LONGEST_STEP, at - (last ?? at))
      last = at
      await goOn(elapsed)
      if (asked !== undefined) next()
    })
  }

  return {
    start() {
      if (asked === undefined) next()
    },
    stop() {
      if (asked !== undefined) frames.cancel(asked)
      asked = last = undefined
    },
  }
}
