/** A body that is read before anybody wants it. */
export interface ReadAhead {
  /** All of it: what has been read already, and what is still to come. */
  whole(): AsyncGenerator<Uint8Array, undefined>
}

// A refusal is short. Of what is longer the rest stays where it is, so that a hostile API cannot fill the memory.
const LIMIT = 64 * 1024

export function readAhead(chunks: AsyncIterator<Uint8Array>, stop: () => void): ReadAhead {
  const kept: Uint8Array[] = []
  let isWanted = false

  /** True when the end was reached. */
  async function read(): Promise<boolean> {
    for (let size = 0; size <= LIMIT && !isWanted; ) {
      const next = await chunks.next()
      if (next.done) return true
      kept.push(next.value)
      size += next.value.length
    }
    return false
  }
  const reading = read()
  // It was stopped, or it broke off: who reads it is told.
  reading.catch(() => undefined)

  function* drained(): Generator<Uint8Array> {
    while (kept.length > 0) yield kept.shift() as Uint8Array
  }
  async function* rest(): AsyncGenerator<Uint8Array, undefined> {
    try {
      yield* drained()
      const isAll = await reading
      yield* drained()
      if (isAll) return undefined
      for (let next = await chunks.next(); !next.done; next = await chunks.next()) yield next.value
    } finally {
      stop()
    }
    return undefined
  }
  return {
    whole() {
      isWanted = true
      return rest()
    },
  }
}
