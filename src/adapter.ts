import axios, { type AxiosAdapter, type InternalAxiosRequestConfig } from 'axios'

/** As a config has it: a function, a name, a list of names. */
export type Adapter = InternalAxiosRequestConfig['adapter']

/** The adapter that a config names, as axios would find it. */
export function adapterOf(adapter: Adapter, config: InternalAxiosRequestConfig): AxiosAdapter {
  // The second argument, which the types leave out, carries `config.env` to the fetch adapter.
  const getAdapter = axios.getAdapter as (adapter: unknown, config: unknown) => AxiosAdapter
  return typeof adapter === 'function' ? adapter : getAdapter(adapter ?? axios.defaults.adapter, config)
}

export function isFetch(adapter: AxiosAdapter, config: InternalAxiosRequestConfig): boolean {
  // The most frequent answer first: to find the fetch adapter takes longer.
  if (adapter === httpAdapter()) return false
  try {
    return adapter === adapterOf('fetch', config)
  } catch {
    return false
  }
}

let http: AxiosAdapter | undefined

/** Undefined where there is none. */
function httpAdapter(): AxiosAdapter | undefined {
  try {
    http ??= axios.getAdapter('http')
  } catch {
    // Not Node.
  }
  return http
}
