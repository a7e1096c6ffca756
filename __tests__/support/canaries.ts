import { showings } from './traces'

/**
 * A text that stands for a credential, and how it is recognised: by its core, which is letters and digits only, so that
 * JSON, a URL, a form and `inspect` leave it as it is, or by that core in base64, at whatever place in the encoded text.
 */
export interface Canary {
  /** What it stands for: failures name it by this. Its value they do not show. */
  readonly name: string
  readonly value: string
  readonly needles: readonly string[]
}

let births = 0

/** A new canary. `tail` holds characters that are encoded, which makes the library's own redaction work for it. */
export function canary(name: string, tail = ''): Canary {
  births += 1
  const core = `CANARY${births}x${Math.random().toString(36).slice(2, 12)}z`
  return canaryOf(name, `${core}${tail}`, core)
}

/** One of a value that is not ours to choose: a proof, an assertion, a verifier. */
export function canaryOf(name: string, value: string, core = value): Canary {
  return { name, value, needles: [core, ...[0, 1, 2].flatMap((shift) => inBase64(core, shift))] }
}

/** What base64, of either alphabet, makes of a text behind so many other bytes: the part that depends on it alone. */
function inBase64(text: string, shift: number): string[] {
  const bytes = Buffer.from(`${'.'.repeat(shift)}${text}`)
  const whole = Math.floor(bytes.length / 3) * 4
  const encoded = bytes.toString('base64').slice(Math.ceil((shift * 8) / 6), whole)
  return [encoded, encoded.replaceAll('+', '-').replaceAll('/', '_')]
}

/** Where any of the ways to show a thing, or a walk along its properties, brings a canary to light: a line for each. */
export function findings(what: string, thing: unknown, canaries: readonly Canary[]): string[] {
  const found = new Map<string, Set<string>>()
  const look = (text: string, where: string): void => {
    for (const { name, needles } of canaries) {
      if (needles.some((needle) => text.includes(needle)))
        found.set(name, (found.get(name) ?? new Set()).add(where))
    }
  }
  walk(thing, look)
  for (const [way, text] of Object.entries(showings(thing))) look(text, `by ${way}`)
  return [...found].map(([name, places]) => `${name} is shown by ${what}: ${[...places].join(', ')}`)
}

// A response leads to sockets, agents and what else Node hangs on to them.
const MOST_OBJECTS = 100_000

/** Calls back with each text that can be reached by enumerable properties, and with the texts and causes of errors. */
function walk(root: unknown, look: (text: string, path: string) => void): void {
  const seen = new Set<unknown>()
  const left: [value: unknown, path: string][] = [[root, '']]
  for (let next = left.pop(); next; next = left.pop()) {
    const [value, path] = next
    if (typeof value === 'string') look(value, path)
    if (!isObject(value) || seen.has(value)) continue
    seen.add(value)
    if (seen.size > MOST_OBJECTS) throw new Error(`more than ${MOST_OBJECTS} objects: ${path}`)
    if (ArrayBuffer.isView(value))
      look(Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('latin1'), path)
    else {
      if (value instanceof Map || value instanceof Set) left.push([[...value], `${path}.entries()`])
      for (const name of namesOf(value)) {
        look(String(name), `${path} (the name of a property)`)
        left.push([read(value, name), `${path}.${String(name)}`])
      }
    }
  }
}

const isObject = (value: unknown): value is object =>
  (typeof value === 'object' && value !== null) || typeof value === 'function'

const OF_ERRORS = ['name', 'message', 'stack', 'cause', 'errors']

const namesOf = (value: object): PropertyKey[] => [
  ...Reflect.ownKeys(value).filter((name) => Object.prototype.propertyIsEnumerable.call(value, name)),
  ...(value instanceof Error ? OF_ERRORS : []),
]

function read(object: object, name: PropertyKey): unknown {
  try {
    return (object as Record<PropertyKey, unknown>)[name]
  } catch {
    return undefined
  }
}
