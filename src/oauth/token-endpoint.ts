import { genericTokenEndpointRequest, processGenericTokenEndpointResponse } from 'oauth4webapi'
import type { TokenResponse } from '../tokens/access-token'
import { type GrantParameters, parametersOf } from '../tokens/grants'
import type { FetchContext } from '../tokens/token-fetch'
import { addParameters } from '../tokens/token-parameters'
import { unusable } from '../tokens/token-response'
import type { Endpoints, Party } from './endpoints'

/** The parameters of one grant. They are made anew for each send. */
export type OfGrant<Context extends FetchContext> = (
  context: Context,
) => Record<string, string> | Promise<Record<string, string>>

/** Asks for a token with a grant. */
export function grantAt<Context extends FetchContext>(
  endpoints: Endpoints,
  grantType: string,
  options: GrantParameters,
  ofGrant: OfGrant<Context>,
  { isSpending = false }: { readonly isSpending?: boolean } = {},
): (context: Context) => Promise<TokenResponse> {
  const wanted = parametersOf(options)
  return async (context) => {
    const { party, response } = await endpoints.ask(
      'token request',
      async ({ metadata, client, authentication }, options) => {
        const parameters = requestOf(await ofGrant(context), wanted, context)
        return genericTokenEndpointRequest(metadata, client, authentication, grantType, parameters, options)
      },
      { signal: context.signal, isSpending },
    )
    const answer = await readWith(
      ({ metadata, client }) => processGenericTokenEndpointResponse(metadata, client, response),
      party,
    )
    return answer as TokenResponse
  }
}

/** The parameters of a grant, those that the options name, and those that this token is asked for beyond. */
export function requestOf(
  ofGrant: Record<string, string>,
  wanted: readonly (readonly [name: string, value: string])[],
  { parameters }: Pick<FetchContext, 'parameters'>,
): URLSearchParams {
  const request = new URLSearchParams(ofGrant)
  for (const [name, value] of wanted) request.append(name, value)
  addParameters(request, parameters)
  return request
}

/** What oauth4webapi finds wrong with an answer is told as our own errors are. */
export async function readWith<T>(read: (party: Party) => Promise<T>, party: Party): Promise<T> {
  try {
    return await read(party)
  } catch (cause) {
    throw unusable(`cannot be used: ${(cause as Error).message}`, { status: 200, cause })
  }
}
