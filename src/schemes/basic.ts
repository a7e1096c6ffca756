import { type AuthInterceptor, authInterceptor } from '../auth-interceptor'
import { basicCredentials } from '../basic-credentials'
import type { TravelOptions } from '../exchange'
import { assertOptions, type ValueOrFunction } from '../option'
import { controlFault, secretOf } from '../secret'

/** RFC 7617 section 2: user-id and password. A function is asked for each request: secrets that rotate. */
export interface BasicCredentials {
  /** The user-id. It may not contain a colon. */
  readonly username: ValueOrFunction<string>
  /** The password. It may be empty, and may contain colons. */
  readonly password: ValueOrFunction<string>
}

const AUTHORIZATION = { in: 'header', name: 'Authorization' } as const

/**
 * Sends a user-id and password with each request: the Basic scheme, RFC 7617, in UTF-8.
 *
 * @throws TypeError when a credential is no string, the user-id contains a colon, or either a control character
 * @example
 * issuer.interceptors.request.use(basicAuth({ username: 'client', password: CLIENT_SECRET }))
 */
export function basicAuth(credentials: BasicCredentials, options?: TravelOptions): AuthInterceptor {
  assertOptions('credentials', credentials, ['username', 'password'])
  const username = secretOf('username', credentials.username, userIdFault)
  const password = secretOf('password', credentials.password, controlFault)
  return authInterceptor(
    {
      authenticate(request) {
        if (request.brings(AUTHORIZATION)) return
        const user = username.get()
        const secret = password.get()
        if (typeof user === 'string' && typeof secret === 'string') {
          request.attach(AUTHORIZATION, basicCredentials(user, secret))
          return
        }
        return Promise.all([user, secret]).then((pair) =>
          request.attach(AUTHORIZATION, basicCredentials(...pair)),
        )
      },
    },
    options,
  )
}

const userIdFault = (value: string): string | undefined =>
  value.includes(':') ? 'contains a colon, which RFC 7617 does not allow in a user-id' : controlFault(value)
