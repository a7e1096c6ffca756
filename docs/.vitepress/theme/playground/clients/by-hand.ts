import type { ClientOf, Setting } from './client'

/** What is written by hand. It gives a function that tells which token it holds. */
export type ByHand = (setting: Pick<Setting, 'api' | 'issuer' | 'now'>) => () => string | undefined

export function byHand(wire: ByHand): ClientOf {
  return (setting) => {
    const heldToken = wire(setting)
    return { held: () => setting.worthOf(heldToken()), close: () => undefined }
  }
}
