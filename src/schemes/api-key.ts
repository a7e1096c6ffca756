import { type AuthInterceptor, authInterceptor } from '../auth-interceptor'
import type { CredentialsPlace } from '../auth-scheme'
import type { TravelOptions } from '../exchange'
import { assertOptions, type ValueOrFunction } from '../option'
import { faultIn, placeOf } from '../place'
import { secretOf } from '../secret'

/** A static key and where it stands, in the words of OpenAPI's `apiKey`. */
export interface ApiKey {
  /** Name of the header, query parameter or cookie. */
  readonly name: string
  /** The key. A function is asked for each request: secrets that rotate. */
  readonly value: ValueOrFunction<string>
  /**
   * Where the key stands.
   * @default 'header'
   */
  readonly in?: CredentialsPlace['in'] | undefined
}

/**
 * Sends a static key with each request, in a header, the query or a cookie.
 *
 * @throws TypeError when `name`, `value` or `in` cannot stand in a request
 * @example
 * api.interceptors.request.use(apiKeyAuth({ name: 'X-API-Key', value: API_KEY }))
 */
export function apiKeyAuth(key: ApiKey, options?: TravelOptions): AuthInterceptor {
  assertOptions('key', key, ['name', 'value', 'in'])
  const place = placeOf(key.in ?? 'header', key.name)
  const secret = secretOf('value', key.value, faultIn(place))
  return authInterceptor(
    {
      authenticate(request) {
        if (request.brings(place)) return
        const value = secret.get()
        if (typeof value === 'string') request.attach(place, value)
        else return value.then((value) => request.attach(place, value))
      },
    },
    options,
  )
}
