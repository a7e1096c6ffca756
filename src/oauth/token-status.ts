import {
  type IntrospectionResponse,
  introspectionRequest,
  processIntrospectionResponse,
  revocationRequest,
} from 'oauth4webapi'
import { assertNonEmpty } from '../option'
import { failureOf } from '../tokens/token-failure'
import type { Endpoints } from './endpoints'

/** What kind of token it is: RFC 7009 section 2.1. It only makes the server find it sooner. */
export type TokenTypeHint = 'access_token' | 'refresh_token'

const hinted = (hint: TokenTypeHint | undefined): { additionalParameters?: { token_type_hint: string } } =>
  hint ? { additionalParameters: { token_type_hint: hint } } : {}

/** Revokes a token: RFC 7009. One that cannot be revoked, as most JWTs, is no error. */
export async function revoke(endpoints: Endpoints, token: string, hint?: TokenTypeHint): Promise<void> {
  assertNonEmpty('token', token)
  try {
    await endpoints.ask('revocation', ({ metadata, client, authentication }, options) =>
      revocationRequest(metadata, client, authentication, token, { ...options, ...hinted(hint) }),
    )
  } catch (error) {
    const failure = failureOf('The token could not be revoked', error)
    if (failure.error !== 'unsupported_token_type') throw failure
  }
}

/** Asks what a token is, and whether it is good: RFC 7662. */
export async function introspect(
  endpoints: Endpoints,
  token: string,
  hint?: TokenTypeHint,
): Promise<IntrospectionResponse> {
  assertNonEmpty('token', token)
  try {
    const { party, response } = await endpoints.ask(
      'introspection',
      ({ metadata, client, authentication }, options) =>
        introspectionRequest(metadata, client, authentication, token, { ...options, ...hinted(hint) }),
    )
    return await processIntrospectionResponse(party.metadata, party.client, response)
  } catch (error) {
    throw failureOf('The token could not be introspected', error)
  }
}
