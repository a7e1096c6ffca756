import { assertOptions } from '../option'
import { headerFault, secretOf } from '../secret'
import { GRANT_PARAMETERS, type GrantParameters } from '../tokens/grants'
import type { FetchContext, FetchToken } from '../tokens/token-fetch'
import type { Endpoints } from './endpoints'
import { grantAt } from './token-endpoint'

/** What token is asked for, and in exchange for which. */
export interface TokenExchangeOptions extends GrantParameters {
  /** The token to be exchanged. A function is asked each time, with what is known of the request: its `key`, say. */
  readonly subjectToken: string | ((context: FetchContext) => string | Promise<string>)
  /**
   * What kind of token that is: RFC 8693 section 3.
   * @default 'urn:ietf:params:oauth:token-type:access_token'
   */
  readonly subjectTokenType?: string | undefined
  /** The token of who acts for the subject. A function is asked each time. */
  readonly actorToken?: string | ((context: FetchContext) => string | Promise<string>) | undefined
  /**
   * What kind of token that is: RFC 8693 section 3.
   * @default 'urn:ietf:params:oauth:token-type:access_token'
   */
  readonly actorTokenType?: string | undefined
  /**
   * What kind of token is wanted: RFC 8693 section 3.
   * @default what the server sees fit
   */
  readonly requestedTokenType?: string | undefined
}

const OPTIONS = ['subjectToken', 'subjectTokenType', 'actorToken', 'actorTokenType', 'requestedTokenType']
const GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:token-exchange'
const ACCESS_TOKEN = 'urn:ietf:params:oauth:token-type:access_token'

/** Fetches a token in exchange for another: RFC 8693. */
export function tokenExchange(endpoints: Endpoints, options: TokenExchangeOptions): FetchToken {
  assertOptions('options', options, [...GRANT_PARAMETERS, ...OPTIONS])
  const { subjectTokenType = ACCESS_TOKEN, actorTokenType = ACCESS_TOKEN, requestedTokenType } = options
  const subject = secretOf('subjectToken', options.subjectToken, headerFault)
  const actor =
    options.actorToken === undefined ? undefined : secretOf('actorToken', options.actorToken, headerFault)
  return grantAt(endpoints, GRANT_TYPE, options, async (context: FetchContext) => ({
    subject_token: await subject.get(context),
    subject_token_type: subjectTokenType,
    ...(actor && { actor_token: await actor.get(context), actor_token_type: actorTokenType }),
    ...(requestedTokenType && { requested_token_type: requestedTokenType }),
  }))
}
