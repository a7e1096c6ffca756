/** The clock of the emulated world, in milliseconds. It stands still unless it is told to go on. */
export interface WorldTime {
  now(): number
  after(delay: number, happen: () => void): void
  pause(delay: number): Promise<void>
  /** Lets all that is due until then happen, each at its own moment. */
  goOn(until: number): Promise<void>
  /** From now on nothing happens any more. */
  end(): void
}

interface Due {
  readonly at: number
  readonly happen: () => void
}

/** @param idle resolves when every promise that is settled has been followed: what happens next may depend on it */
export function worldTime(idle: () => Promise<void>): WorldTime {
  const queue: Due[] = []
  let now = 0
  let isOver = false

  function after(delay: number, happen: () => void): void {
    if (isOver) return
    const at = now + delay
    const earlier = queue.filter((other) => other.at <= at).length
    queue.splice(earlier, 0, { at, happen })
  }

  return {
    now: () => now,
    after,
    pause: (delay) => new Promise((resolve) => after(delay, resolve)),
    async goOn(until) {
      for (let next = queue[0]; next && next.at <= until; next = queue[0]) {
        queue.shift()
        now = next.at
        next.happen()
        await idle()
      }
      now = Math.max(now, until)
    },
    end() {
      isOver = true
      queue.length = 0
    },
  }
}
