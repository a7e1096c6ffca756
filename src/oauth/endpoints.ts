import {
  allowInsecureRequests,
  type Client,
  customFetch,
  DPoP,
  type DPoPHandle,
  type AuthorizationServer as ServerMetadata,
} from 'oauth4webapi'
import { AuthError } from '../errors'
import { isSuccess, refusedBy } from '../tokens/token-failure'
import { type Fetch, type SendOptions, sendThrough, type Way } from './axios-fetch'
import { type ClientAuthentication, isOverTls } from './client-authentication'

/** The client, as oauth4webapi wants to know it at each of its functions. */
export interface Party {
  readonly metadata: ServerMetadata
  readonly client: Client
  readonly authentication: ClientAuthentication
}

/** The options of oauth4webapi's requests. */
export interface RequestOptions {
  readonly [customFetch]: Fetch
  readonly [allowInsecureRequests]: boolean
  readonly DPoP?: DPoPHandle
}

/** One request of oauth4webapi. */
export type EndpointRequest = (party: Party, options: RequestOptions) => Promise<Response>

/** The server's endpoints, as this client may ask them. */
export interface Endpoints {
  /** Gives the successful answer, and the party that it was given to. What is composed may be composed several times. */
  ask(
    what: string,
    request: EndpointRequest,
    options?: SendOptions,
  ): Promise<{ party: Party; response: Response }>
  party(): Promise<Party>
  /** The thumbprint of the key that tokens are bound to: RFC 9449 section 10. */
  thumbprint(): Promise<string | undefined>
}

export interface EndpointsOptions {
  readonly clientId: string
  readonly authentication: ClientAuthentication
  readonly keyPair: CryptoKeyPair | undefined
}

export function endpointsOf(
  way: Way,
  metadata: () => Promise<ServerMetadata>,
  { clientId, authentication, keyPair }: EndpointsOptions,
): Endpoints {
  const client: Client = { client_id: clientId, use_mtls_endpoint_aliases: isOverTls(authentication) }
  const handle = keyPair && DPoP(client, keyPair)

  async function ask(
    what: string,
    request: EndpointRequest,
    options: SendOptions = {},
  ): Promise<{ party: Party; response: Response }> {
    const party = { metadata: await metadata(), client, authentication }
    for (let isAgain = false; ; isAgain = true) {
      const { answer, response } = await sendThrough(
        way,
        (fetch) =>
          request(party, {
            [customFetch]: fetch,
            [allowInsecureRequests]: true,
            ...(handle && { DPoP: handle }),
          }).catch((error: unknown) => {
            throw missingEndpoint(error, party) ?? error
          }),
        options,
      )
      if (isSuccess(answer)) return { party, response }
      const refusal = refusedBy(answer, undefined, Date.now(), what)
      // RFC 9449 section 8: the answer has brought the nonce.
      if (refusal.error !== 'use_dpop_nonce' || isAgain) throw refusal
    }
  }
  return {
    ask,
    party: async () => ({ metadata: await metadata(), client, authentication }),
    thumbprint: async () => handle?.calculateThumbprint(),
  }
}

/** oauth4webapi's error for metadata without the endpoint, in our own words. */
function missingEndpoint(error: unknown, { metadata }: Party): AuthError | undefined {
  const { attribute } = Object((error as Error | undefined)?.cause) as { attribute?: unknown }
  if (typeof attribute !== 'string' || !attribute.endsWith('_endpoint')) return undefined
  return new AuthError(
    `The metadata of ${metadata.issuer} have no usable ${attribute}`,
    'ERR_AUTH_TOKEN_REQUEST',
  )
}
