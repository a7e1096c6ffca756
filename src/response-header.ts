import type { AxiosResponse } from 'axios'

/** A response header by its name in lower case. An adapter of the user's own may give plain objects, or none. */
export function headerOf(
  response: { readonly headers?: AxiosResponse['headers'] | undefined },
  name: string,
): string | undefined {
  const headers: unknown = response.headers
  if (typeof headers !== 'object' || headers === null) return undefined
  const { get } = headers as { get?: unknown }
  const value: unknown =
    typeof get === 'function'
      ? get.call(headers, name)
      : Object.entries(headers).find(([key]) => key.toLowerCase() === name)?.[1]
  if (Array.isArray(value)) return value.join(', ')
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined
}
