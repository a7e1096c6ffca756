import type { ClientNeeds, ClientOf } from './client'

/** What is written by hand. It gives a function that tells which token it holds. */
export type ByHand = (needs: Pick<ClientNeeds, 'api' | 'issuer' | 'now'>) => () => string | undefined

export function byHand(wire: ByHand): ClientOf {
  return (needs) => {
    const heldToken = wire(needs)
    return { held: () => needs.worthOf(heldToken()), close: () => undefined }
  }
}
