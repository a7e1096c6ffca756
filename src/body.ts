import { type ReadAhead, readAhead } from './read-ahead'

/** The body of a refused response, taken off the wire so that its socket is free for the token call and the replay. */
export interface BodySetAside {
  /** It is not needed: whatever is still coming is stopped. */
  discard(): void
  /** It is needed after all: a stream with the same content. */
  restore(): unknown
}

interface NodeStream extends AsyncIterable<Uint8Array> {
  destroy(): void
}

/** Nothing to do for a body that has been read already. */
export function setAside(body: unknown): BodySetAside | undefined {
  if (isNodeStream(body)) {
    const stop = (): void => body.destroy()
    const ahead = readAhead(body[Symbol.asyncIterator](), stop)
    return {
      discard: stop,
      // `Readable.from`, without importing node:stream, which a browser has not.
      restore: () =>
        (body.constructor as unknown as { from(chunks: AsyncIterable<Uint8Array>): unknown }).from(
          ahead.whole(),
        ),
    }
  }
  if (isWebStream(body)) {
    const reader = body.getReader()
    const stop = (): void => void reader.cancel().catch(() => undefined)
    const ahead = readAhead(chunksOf(reader), stop)
    return { discard: stop, restore: () => webStream(ahead) }
  }
  return undefined
}

/** Nobody will read it: it must not keep a socket. */
export const discard = (body: unknown): void => setAside(body)?.discard()

const isNodeStream = (body: unknown): body is NodeStream =>
  hasPipe(body) && typeof (body as NodeStream).destroy === 'function'

const isWebStream = (body: unknown): body is ReadableStream<Uint8Array> =>
  typeof (body as { getReader?: unknown } | null | undefined)?.getReader === 'function'

async function* chunksOf(reader: ReadableStreamDefaultReader<Uint8Array>): AsyncGenerator<Uint8Array> {
  for (let step = await reader.read(); !step.done; step = await reader.read()) yield step.value
}

/** `ReadableStream.from`, which not every browser has. */
function webStream(ahead: ReadAhead): ReadableStream<Uint8Array> {
  const chunks = ahead.whole()
  return new ReadableStream<Uint8Array>({
    async pull(controller) {
      const { done, value } = await chunks.next()
      if (done) controller.close()
      else controller.enqueue(value)
    },
    async cancel() {
      await chunks.return(undefined)
    },
  })
}

/** A body that can be read only once (a Node stream, a web stream, the `form-data` package) is gone once it was sent. */
export const isOneShot = (body: unknown): boolean => hasPipe(body) || isWebStream(body)

const hasPipe = (body: unknown): boolean =>
  typeof (body as { pipe?: unknown } | null | undefined)?.pipe === 'function'
