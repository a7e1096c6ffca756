import type { CredentialsPlace } from './auth-scheme'
import { assertNonEmpty } from './option'
import { cookieFault, headerFault, queryFault } from './secret'

// RFC 9110 section 5.6.2, which header and cookie names are made of.
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/

export function placeOf(where: unknown, name: unknown): CredentialsPlace {
  if (where !== 'header' && where !== 'query' && where !== 'cookie') {
    throw new TypeError('`in` must be "header", "query" or "cookie"')
  }
  assertNonEmpty('name', name)
  if (where !== 'query' && !TOKEN.test(name)) throw new TypeError(`\`name\` is not a valid ${where} name`)
  return { in: where, name }
}

/** What is wrong with a value for this place, if anything. */
export const faultIn = (place: CredentialsPlace): ((value: string) => string | undefined) =>
  ({ header: headerFault, query: queryFault, cookie: cookieFault })[place.in]
