/**
 * Runs in a page: all texts that the console could show of a thing, which are those that any property of it or of its
 * prototypes leads to, and those that its JSON and its copies (for another window, by `structuredClone`) have.
 */
export async function textsOf(root: unknown): Promise<string> {
  const attempt = <T>(read: () => T): T | undefined => {
    try {
      return read()
    } catch {
      return undefined
    }
  }
  const posted = await new Promise<unknown>((resolve) => {
    const { port1, port2 } = new MessageChannel()
    port2.onmessage = ({ data }) => resolve(data)
    try {
      port1.postMessage(root)
    } catch {
      resolve(undefined) // it holds a function, so nobody can have a copy
    }
  })

  const texts = [String(root), attempt(() => JSON.stringify(root)) ?? '']
  const seen = new Set<unknown>([globalThis])
  const left = [root, posted, attempt(() => structuredClone(root))]
  while (left.length > 0) {
    const value = left.pop()
    if (typeof value === 'string') texts.push(value)
    if (Object(value) !== value || seen.has(value)) continue
    seen.add(value)
    left.push(attempt(() => (value as Headers).get('Authorization')))
    for (let at = value; at && at !== Object.prototype; at = Object.getPrototypeOf(at)) {
      for (const name of Reflect.ownKeys(at)) {
        // Chromium writes a style into the document that it makes of an answer which is no XML: the CSP forbids it.
        if (name === 'responseXML') continue
        texts.push(String(name))
        left.push(attempt(() => (value as Record<PropertyKey, unknown>)[name]))
        // The console looks behind a Proxy.
        left.push(attempt(() => Reflect.getOwnPropertyDescriptor(value as object, name)?.value))
      }
    }
  }
  return texts.join('\n')
}
