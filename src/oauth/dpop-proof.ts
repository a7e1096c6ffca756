import {
  allowInsecureRequests,
  customFetch,
  DPoP,
  modifyAssertion,
  protectedResourceRequest,
} from 'oauth4webapi'
import QuickLRU from 'quick-lru'

/** Proofs of possession of one key, for the requests to APIs: RFC 9449 section 4. */
export interface DpopProofs {
  sign(method: string, url: URL, token: string): Promise<string>
  /** Notes the nonce that a server wants in the next proof: RFC 9449 section 9. */
  learn(url: URL, nonce: string): void
}

const SIGNING = ['ECDSA', 'Ed25519', 'RSASSA-PKCS1-v1_5', 'RSA-PSS']

export function assertKeyPair(keyPair: unknown): asserts keyPair is CryptoKeyPair {
  const { privateKey, publicKey } = Object(keyPair) as Partial<CryptoKeyPair>
  const isPair = privateKey?.type === 'private' && publicKey?.type === 'public' && publicKey.extractable
  if (isPair && SIGNING.includes(privateKey.algorithm.name) && privateKey.usages.includes('sign')) return
  throw new TypeError(
    `\`keyPair\` must be a CryptoKeyPair for signing (${SIGNING.join(', ')}), such as crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign', 'verify']) gives`,
  )
}

/** Nonces are kept for so many origins. */
const MOST_ORIGINS = 100

export function dpopProofs(keyPair: CryptoKeyPair): DpopProofs {
  const nonces = new QuickLRU<string, string>({ maxSize: MOST_ORIGINS })
  const handle = DPoP({}, keyPair, {
    [modifyAssertion](_, payload) {
      const nonce = nonces.get(new URL(payload.htu as string).origin)
      if (nonce !== undefined) payload.nonce = nonce
    },
  })
  return {
    async sign(method, url, token) {
      let proof = ''
      // oauth4webapi signs on its way to fetch: this one takes the proof and sends nothing.
      await protectedResourceRequest(token, method, url, undefined, null, {
        DPoP: handle,
        [allowInsecureRequests]: true,
        [customFetch]: (_, { headers }) => {
          proof = headers.dpop ?? ''
          return Promise.resolve(new Response())
        },
      })
      return proof
    },
    learn(url, nonce) {
      nonces.set(url.origin, nonce)
    },
  }
}
