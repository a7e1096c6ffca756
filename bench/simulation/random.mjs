/** A generator of numbers from 0 to 1 (mulberry32): the same seed, the same numbers. @param {number} seed */
export function randomFrom(seed) {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    return fraction(state)
  }
}

/**
 * A number from 0 to 1 that belongs to a place in the trace, whoever asks for it and when.
 *
 * @param {number} seed
 * @param {...number} place
 */
export const drawAt = (seed, ...place) =>
  fraction(place.reduce((hash, part) => mix(Math.imul(hash, 31) + part + 0x9e3779b9), mix(seed)))

/** Turns an even draw into one with a bell around 0 and a deviation of 1. @param {number} draw */
export function bell(draw) {
  const low = Math.min(Math.max(Math.min(draw, 1 - draw), 1e-9), 0.5)
  const t = Math.sqrt(-2 * Math.log(low))
  // Abramowitz and Stegun 26.2.23.
  const size =
    t - (2.515517 + t * (0.802853 + t * 0.010328)) / (1 + t * (1.432788 + t * (0.189269 + t * 0.001308)))
  return draw < 0.5 ? -size : size
}

/** @param {number} state */
function fraction(state) {
  let t = Math.imul(state ^ (state >>> 15), state | 1)
  t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
}

/** @param {number} value */
function mix(value) {
  let h = value | 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}
