import { basicCredentials } from '../basic-credentials'
import { assertNonEmpty, type ValueOrFunction } from '../option'
import { controlFault, secretOf } from '../secret'

/** How the client proves itself at the token endpoint: RFC 6749 section 2.3. */
export interface ClientAuthenticationOptions {
  /** Leave it out if the client instance authenticates itself, with `basicAuth` or a certificate. */
  readonly clientId?: string | undefined
  /** A function is asked for each token request. Without a secret (a public client) the id goes into the body. */
  readonly clientSecret?: ValueOrFunction<string> | undefined
  /**
   * Where id and secret go: `basic` sends them as they are, `basic-encoded` form-encodes them first, as RFC 6749
   * section 2.3.1 asks and some issuers refuse, `body` sends them as parameters.
   * @default 'basic'
   */
  readonly clientAuthentication?: 'basic' | 'basic-encoded' | 'body' | undefined
}

/** Adds the client's credentials to a token request, and gives its headers. */
export type AuthenticateClient = (parameters: URLSearchParams) => Promise<Record<string, string>>

export function clientAuthentication(options: ClientAuthenticationOptions): AuthenticateClient {
  const { clientId, clientSecret, clientAuthentication: method = 'basic' } = options
  if (!['basic', 'basic-encoded', 'body'].includes(method)) {
    throw new TypeError('`clientAuthentication` must be "basic", "basic-encoded" or "body"')
  }
  if (clientId === undefined) {
    if (clientSecret !== undefined) throw new TypeError('`clientSecret` needs a `clientId`')
    // Two variables of the environment that are not set, most often.
    if ('clientId' in options && 'clientSecret' in options)
      throw new TypeError(
        '`clientId` and `clientSecret` are undefined: leave them out if the client instance authenticates itself',
      )
    return () => Promise.resolve({})
  }
  assertNonEmpty('clientId', clientId)
  if ('clientSecret' in options && clientSecret === undefined) {
    throw new TypeError('`clientSecret` is undefined: leave it out if the client has none')
  }
  if (method === 'basic' && clientSecret !== undefined && clientId.includes(':')) {
    throw new TypeError(
      '`clientId` contains a colon, which Basic cannot carry as it is: have it form-encoded, or send it in the body',
    )
  }
  const secret = clientSecret === undefined ? undefined : secretOf('clientSecret', clientSecret, controlFault)

  return async (parameters) => {
    const value = await secret?.get()
    if (value === undefined || method === 'body') {
      parameters.set('client_id', clientId)
      if (value !== undefined) parameters.set('client_secret', value)
      return {}
    }
    const [id, password] = method === 'basic' ? [clientId, value] : [formEncode(clientId), formEncode(value)]
    return { Authorization: basicCredentials(id, password) }
  }
}

/** application/x-www-form-urlencoded, which leaves `-`, `.` and `_` alone: there are issuers that compare the bytes. */
const formEncode = (text: string): string => new URLSearchParams([['', text]]).toString().slice(1)
