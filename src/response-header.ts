import type { AxiosResponse } from 'axios'

/** A response header by its name in any case. An adapter of the user's own may give plain objects, or none. */
export function headerOf(response: AxiosResponse, name: string): string | undefined {
  const headers: unknown = response.headers
  if (typeof headers !== 'object' || headers === null) return undefined
  const wanted = name.toLowerCase()
  for (const [key, value] of Object.entries(headers) as [string, unknown][]) {
    if (key.toLowerCase() !== wanted) continue
    if (Array.isArray(value)) return value.join(', ')
    if (typeof value === 'string' || typeof value === 'number') return String(value)
  }
  return undefined
}
