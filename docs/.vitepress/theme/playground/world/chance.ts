/** Numbers from 0 to 1. The same place has the same number, whoever asks for it and when: so both lanes see one world. */
export type Chance = (...place: number[]) => number

/** What chance decides. Each has draws of its own. */
export const DRAW = { gap: 1, apiLatency: 2, issuerLatency: 3, jitter: 4 }

export function chanceFrom(seed: number): Chance {
  return (...place) => fraction(place.reduce((hash, part) => mix(Math.imul(hash, 31) + part), mix(seed)))
}

/** A duration around the usual one: from 70 to 130 % of it. */
export const around = (usual: number, draw: number): number => usual * (0.7 + 0.6 * draw)

const mix = (value: number): number => {
  let hash = (value + 0x9e3779b9) | 0
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b)
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35)
  return hash ^ (hash >>> 16)
}

const fraction = (hash: number): number => (hash >>> 0) / 2 ** 32
