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
