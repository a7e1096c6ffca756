import {
  allowInsecureRequests,
  customFetch,
  discoveryRequest,
  processDiscoveryResponse,
  type AuthorizationServer as ServerMetadata,
} from 'oauth4webapi'
import pMemoize from 'p-memoize'
import { AuthError } from '../errors'
import { parseUrl } from '../final-url'
import { assertNonEmpty, assertObject } from '../option'
import { restartable } from '../tokens/stopped-work'
import { failureOf, isSuccess, refusedBy } from '../tokens/token-failure'
import { sendThrough, type Way } from './axios-fetch'

/** Where the server's metadata (RFC 8414) comes from: one of the two. */
export interface MetadataOptions {
  /** The issuer's URL: its metadata is fetched when it is first needed, from OpenID's place or RFC 8414's, and kept. */
  readonly issuer?: string | URL | undefined
  /** The metadata themselves, for a server without discovery: `issuer`, `token_endpoint` and what else is used. */
  readonly metadata?: ServerMetadata | undefined
}

/** Gives the metadata. What failed is tried again by who asks next. */
export function metadataOf(way: Way, { issuer, metadata }: MetadataOptions): () => Promise<ServerMetadata> {
  if (issuer === undefined && metadata === undefined)
    throw new TypeError('`issuer` is undefined: give it, or `metadata`')
  if (issuer !== undefined && metadata !== undefined)
    throw new TypeError('Give `issuer` or `metadata`, not both')
  if (metadata !== undefined) {
    assertObject('metadata', metadata)
    assertNonEmpty('metadata.issuer', metadata.issuer)
    return () => Promise.resolve(metadata)
  }
  const url = parseUrl(String(issuer))
  if (!url || url.username || url.password || url.pathname.includes('/.well-known/'))
    throw new TypeError(
      '`issuer` must be a URL such as "https://login.example.com", without user-info or /.well-known/...',
    )
  return restartable(() => pMemoize(() => discovered(way, url)))
}

/** OpenID's place first: it is the older one, and served by most that serve the other. */
async function discovered(way: Way, issuer: URL): Promise<ServerMetadata> {
  const openid = await asked(way, issuer, 'oidc')
  const { answer, response } = openid.answer.status === 404 ? await asked(way, issuer, 'oauth2') : openid
  if (isSuccess(answer)) return readMetadata(issuer, response)
  throw refusedBy(answer, undefined, Date.now(), `discovery of ${issuer.href}`)
}

async function asked(way: Way, issuer: URL, algorithm: 'oidc' | 'oauth2'): ReturnType<typeof sendThrough> {
  try {
    return await sendThrough(
      way,
      (fetch) => discoveryRequest(issuer, { algorithm, [customFetch]: fetch, [allowInsecureRequests]: true }),
      { isPublic: true },
    )
  } catch (error) {
    throw failureOf(`The metadata of ${issuer.href} could not be fetched`, error)
  }
}

async function readMetadata(issuer: URL, response: Response): Promise<ServerMetadata> {
  try {
    return await processDiscoveryResponse(issuer, response)
  } catch (cause) {
    throw new AuthError(
      `The metadata of ${issuer.href} cannot be used: ${othersIssuer(cause as Error) ?? (cause as Error).message}`,
      'ERR_AUTH_TOKEN_RESPONSE',
      { cause },
    )
  }
}

/** What oauth4webapi knows of it, but does not say. */
function othersIssuer(error: Error): string | undefined {
  const cause = error.cause as { attribute?: unknown; body?: { issuer?: unknown } } | undefined
  return cause?.attribute === 'issuer' ? `they are of ${JSON.stringify(cause.body?.issuer)}` : undefined
}
