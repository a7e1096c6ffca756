/** A moment on both clocks, in milliseconds. */
export interface Stamp {
  readonly wall: number
  readonly steady: number
}

/** Tells how old a thing is, and never less than it may be. */
export interface Clock {
  /** The wall clock as it stands: milliseconds since 1970. */
  now(): number
  stamp(): Stamp
  /** Milliseconds since a stamp. */
  since(stamp: Stamp): number
}

/**
 * Neither clock can be trusted alone: the wall clock can be turned back, and the steady one may stand still while a
 * laptop sleeps. The age of a token is what the one that went further says, so no clock can make it live longer.
 */
export function clockOf(now: () => number = Date.now, steady: () => number = () => performance.now()): Clock {
  let latest = now()
  let turnedBack = 0

  function stamp(): Stamp {
    const wall = now()
    if (wall < latest) turnedBack += latest - wall
    latest = wall
    return { wall: wall + turnedBack, steady: steady() }
  }
  const since = (before: Stamp): number => {
    const { wall, steady } = stamp()
    return Math.max(wall - before.wall, steady - before.steady)
  }
  return { now, stamp, since }
}
