import type { AxiosInstance } from 'axios'

/** A value, or a function that gives it: a secret that rotates. */
export type ValueOrFunction<T> = T | (() => T | Promise<T>)

/** Refuses an option of the wrong type when the interceptor is made, not when a request fails for it. */
export function assertString(name: string, value: unknown): asserts value is string {
  if (typeof value !== 'string') throw new TypeError(`\`${name}\` must be a string, not ${kindOf(value)}`)
}

export function assertNonEmpty(name: string, value: unknown): asserts value is string {
  assertString(name, value)
  if (value === '') throw new TypeError(`\`${name}\` must not be empty`)
}

export function assertFunction(name: string, value: unknown): void {
  if (value !== undefined && typeof value !== 'function')
    throw new TypeError(`\`${name}\` must be a function, not ${kindOf(value)}`)
}

export function assertObject(name: string, value: unknown): asserts value is object {
  if (typeof value !== 'object' || value === null)
    throw new TypeError(`\`${name}\` must be an object, not ${kindOf(value)}`)
}

export function assertClient(client: unknown): asserts client is AxiosInstance {
  if (typeof (client as Partial<AxiosInstance> | undefined)?.request !== 'function')
    throw new TypeError(`\`client\` must be an axios instance, not ${kindOf(client)}`)
}

/** A slip in the name of an option would pass unnoticed, and what was asked for would not be done. */
export function assertOptions(
  name: string,
  options: unknown,
  names: readonly string[],
  hintFor: (unknown: string) => string = () => '',
): void {
  assertObject(name, options)
  const unknown = Object.keys(options).find((key) => !names.includes(key))
  if (unknown !== undefined)
    throw new TypeError(`There is no option \`${unknown}\`, only ${names.join(', ')}${hintFor(unknown)}`)
}

export const kindOf = (value: unknown): string =>
  value === null ? 'null' : isPromise(value) ? 'a promise' : Array.isArray(value) ? 'an array' : typeof value

/** A promise of whatever make: `instanceof` fails for those of another realm. */
export const isPromise = (value: unknown): value is PromiseLike<unknown> =>
  typeof (value as { then?: unknown } | null | undefined)?.then === 'function'
