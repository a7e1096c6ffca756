import { Console } from 'node:console'
import { Writable } from 'node:stream'
import { inspect } from 'node:util'

/**
 * The ways in which a program shows an object, each as text: what printing, serialising, cloning and walking along
 * enumerable properties bring to light. A test looks for its canaries in them.
 */
export function showings(thing: unknown): Record<string, string> {
  return {
    inspect: inspect(thing, { depth: Number.POSITIVE_INFINITY, maxStringLength: null, maxArrayLength: null }),
    'inspect with what is hidden': inspect(thing, {
      depth: Number.POSITIVE_INFINITY,
      showHidden: true,
      maxStringLength: null,
      maxArrayLength: null,
    }),
    'inspect with proxies': inspect(thing, {
      depth: Number.POSITIVE_INFINITY,
      showProxy: true,
      getters: true,
      maxStringLength: null,
      maxArrayLength: null,
    }),
    JSON: attempt(() => JSON.stringify(thing) ?? ''),
    console: printed(thing),
    structuredClone: attempt(() => inspect(structuredClone(thing), { depth: Number.POSITIVE_INFINITY })),
    'enumerable properties': walked(thing),
    text: attempt(() => `${String(thing)} ${(thing as Error | undefined)?.stack ?? ''}`),
  }
}

/** Which of these canaries any of the ways shows. */
export function traces(thing: unknown, canaries: readonly string[]): string[] {
  return Object.entries(showings(thing)).flatMap(([way, text]) =>
    canaries.filter((canary) => text.includes(canary)).map((canary) => `${canary} by ${way}`),
  )
}

function attempt(show: () => string): string {
  try {
    return show()
  } catch (error) {
    // A config with functions cannot be cloned, a socket not be written as JSON: then nothing is shown.
    return `not possible: ${(error as Error).name}`
  }
}

function printed(thing: unknown): string {
  let text = ''
  const sink = new Writable({
    write(chunk, _, done) {
      text += String(chunk)
      done()
    },
  })
  new Console(sink).error(thing)
  return text
}

function walked(root: unknown): string {
  const seen = new Set<unknown>()
  const texts: string[] = []
  const left: unknown[] = [root]
  while (left.length > 0) {
    const value = left.pop()
    if (typeof value === 'string') texts.push(value)
    if ((typeof value !== 'object' && typeof value !== 'function') || value === null || seen.has(value))
      continue
    seen.add(value)
    if (value instanceof Map) left.push(...value.keys(), ...value.values())
    for (const name of [...Object.keys(value), ...enumerableSymbols(value), 'cause', 'message', 'stack']) {
      texts.push(String(name))
      left.push(attemptValue(() => (value as Record<PropertyKey, unknown>)[name]))
    }
  }
  return texts.join('\n')
}

const enumerableSymbols = (value: object): symbol[] =>
  Object.getOwnPropertySymbols(value).filter((name) =>
    Object.prototype.propertyIsEnumerable.call(value, name),
  )

function attemptValue(read: () => unknown): unknown {
  try {
    return read()
  } catch {
    return undefined
  }
}
