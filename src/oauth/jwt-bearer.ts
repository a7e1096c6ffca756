import { assertOptions, type ValueOrFunction } from '../option'
import { headerFault, secretOf } from '../secret'
import { GRANT_PARAMETERS, type GrantParameters } from '../tokens/grants'
import type { FetchToken } from '../tokens/token-fetch'
import type { Endpoints } from './endpoints'
import { grantAt } from './token-endpoint'

/** What token is asked for, and with which assertion. */
export interface JwtBearerOptions extends GrantParameters {
  /** The signed JWT. Give a function that signs a new one: it is asked for each send, and most servers take each once. */
  readonly assertion: ValueOrFunction<string>
}

const GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:jwt-bearer'

/** Fetches a token with a signed assertion: RFC 7523 section 2.1. */
export function jwtBearer(endpoints: Endpoints, options: JwtBearerOptions): FetchToken {
  assertOptions('options', options, [...GRANT_PARAMETERS, 'assertion'])
  const assertion = secretOf('assertion', options.assertion, headerFault)
  return grantAt(endpoints, GRANT_TYPE, options, async () => ({ assertion: await assertion.get() }))
}
