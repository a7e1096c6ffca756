import { causesOf } from './errors'
import type { Attachment } from './outgoing-request'

const REDACTED = '[redacted]'

/** Replaces in a text whatever these attachments put into the request, plain or as it stands in a URL. */
export type Redact = (text: string) => string

export function redactionOf(attachments: readonly Attachment[]): Redact {
  const secrets = attachments
    .flatMap(({ place, value }) => (place.in === 'query' ? spellings(value) : [value]))
    .filter(Boolean)
  return (text) => secrets.reduce((rest, secret) => rest.replaceAll(secret, REDACTED), text)
}

function spellings(value: string): string[] {
  const encoded = encodeURIComponent(value)
  const asForm = new URLSearchParams({ '': value }).toString().slice(1)
  // As axios writes a parameter, and as the URL parser does.
  const asParam = encoded
    .replace(/%3A/gi, ':')
    .replace(/%24/g, '$')
    .replace(/%2C/gi, ',')
    .replace(/%20/g, '+')
  return [value, encoded, asForm, asParam].flatMap((spelling) => [spelling, spelling.replaceAll("'", '%27')])
}

const SHOWN = ['method', 'protocol', 'host', 'path', 'url', 'responseURL']

/**
 * A veil over the adapter's own request object, which holds the header lines that were sent and leads, through its agent
 * and socket, to those of other requests. Everything can still be read (`request.res.responseUrl`, `request.socket`),
 * with our credentials taken out of each text; printing or serialising it shows its method and URL only.
 */
export function veil<T extends object>(real: T, redact: Redact): T {
  const lift = (value: unknown): unknown => {
    if (typeof value === 'string') return redact(value)
    if (Array.isArray(value)) return value.map(lift)
    return typeof value === 'object' && value !== null ? veil(value, redact) : value
  }
  const shown = Object.create(Object.getPrototypeOf(real) as object | null) as object
  for (const name of SHOWN) {
    const value: unknown = Reflect.get(real, name)
    if (typeof value === 'string') show(name, redact(value), true)
  }
  // The printing methods of some classes (the Request of Node and of Deno) want the real object.
  show(Symbol.for('nodejs.util.inspect.custom'), undefined, false)
  show(Symbol.for('Deno.privateCustomInspect'), undefined, false)
  function show(name: string | symbol, value: unknown, enumerable: boolean): void {
    Object.defineProperty(shown, name, { value, enumerable, configurable: true })
  }
  return new Proxy(shown, {
    get: (_, name) => {
      const value: unknown = Reflect.get(real, name)
      if (typeof value !== 'function') return lift(value)
      return name === 'constructor' ? value : (...args: unknown[]) => lift(Reflect.apply(value, real, args))
    },
    set: (_, name, value) => Reflect.set(real, name, value),
    has: (_, name) => Reflect.has(real, name),
  }) as T
}

/** A streamed body must stay what it is: what it leads to (its request, its socket) is only hidden from printing. */
export function hideLinks(stream: object, redact: Redact): void {
  for (const name of Reflect.ownKeys(stream)) {
    const own = Object.getOwnPropertyDescriptor(stream, name)
    const value: unknown = own?.value
    if (!own?.configurable || !own.enumerable) continue
    if (typeof value === 'object') Object.defineProperty(stream, name, { ...own, enumerable: false })
    else if (typeof value === 'string' && redact(value) !== value)
      Object.defineProperty(stream, name, { ...own, value: redact(value) })
  }
}

/** Takes our credentials out of the texts of an error and of its causes. */
export function redactTexts(error: unknown, redact: Redact): void {
  for (const at of causesOf(error)) {
    for (const name of ['message', 'stack'] as const) {
      const text = at[name] ?? ''
      const value = redact(text)
      // Defined, not set: that of a DOMException can only be read.
      if (value !== text) Reflect.defineProperty(at, name, { value, configurable: true, writable: true })
    }
  }
}
