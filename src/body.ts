/** The body of a refused response, taken off the wire so that its socket is free for the token call and the replay. */
export interface BodySetAside {
  /** It is not needed: whatever is still coming is stopped. */
  discard(): void
  /** It is needed after all: a stream with the same content. */
  restore(): Promise<unknown>
}

interface NodeStream extends AsyncIterable<Uint8Array> {
  destroy(): void
}

// A refusal is short. What is longer is cut, so that a hostile API cannot fill the memory.
const LIMIT = 64 * 1024

/** Nothing to do for a body that has been read already. */
export function setAside(body: unknown): BodySetAside | undefined {
  if (isNodeStream(body)) {
    const stop = (): void => body.destroy()
    const kept = collect(body, stop)
    return {
      discard: stop,
      // `Readable.from`, without importing node:stream, which a browser has not.
      restore: async () =>
        (body.constructor as unknown as { from(chunks: Uint8Array[]): unknown }).from(await kept),
    }
  }
  if (isWebStream(body)) {
    const reader = body.getReader()
    const stop = (): void => void reader.cancel().catch(() => undefined)
    const kept = collect(chunksOf(reader), stop)
    return { discard: stop, restore: async () => new Response(new Blob((await kept) as BlobPart[])).body }
  }
  return undefined
}

const isNodeStream = (body: unknown): body is NodeStream =>
  hasPipe(body) && typeof (body as NodeStream).destroy === 'function'

const isWebStream = (body: unknown): body is ReadableStream<Uint8Array> =>
  typeof (body as { getReader?: unknown } | null | undefined)?.getReader === 'function'

async function* chunksOf(reader: ReadableStreamDefaultReader<Uint8Array>): AsyncGenerator<Uint8Array> {
  for (let step = await reader.read(); !step.done; step = await reader.read()) yield step.value
}

async function collect(chunks: AsyncIterable<Uint8Array>, stop: () => void): Promise<Uint8Array[]> {
  const kept: Uint8Array[] = []
  let size = 0
  try {
    for await (const chunk of chunks) {
      kept.push(chunk)
      size += chunk.length
      if (size > LIMIT) break
    }
  } catch {
    // It was stopped, or it broke off: what came is what there is.
  }
  stop()
  return kept
}

/** A body that can be read only once (a Node stream, a web stream, the `form-data` package) is gone once it was sent. */
export const isOneShot = (body: unknown): boolean => hasPipe(body) || isWebStream(body)

const hasPipe = (body: unknown): boolean =>
  typeof (body as { pipe?: unknown } | null | undefined)?.pipe === 'function'
