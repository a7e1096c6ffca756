import { randomFrom } from './simulation/random.mjs'

/** @param {number[]} figures @param {number} part from 0 to 1 */
export function quantile(figures, part) {
  const sorted = Float64Array.from(figures).sort()
  const at = part * (sorted.length - 1)
  const below = sorted[Math.floor(at)]
  return below + (sorted[Math.ceil(at)] - below) * (at % 1)
}

/** @param {number[]} figures */
export const median = (figures) => quantile(figures, 0.5)

/**
 * Measures all subjects in each round, in an order of its own: what disturbs this machine disturbs all alike.
 *
 * @template Figure
 * @param {Record<string, () => Promise<Figure> | Figure>} subjects
 * @param {{ rounds: number, warmUp?: number }} plan
 * @returns {Promise<Record<string, Figure[]>>}
 */
export async function interleaved(subjects, { rounds, warmUp = 1 }) {
  const random = randomFrom(1)
  /** @type {Record<string, Figure[]>} */
  const figures = Object.fromEntries(Object.keys(subjects).map((name) => [name, []]))
  for (let round = -warmUp; round < rounds; round++) {
    for (const [name, measure] of shuffled(Object.entries(subjects), random)) {
      // Nobody pays for the garbage of another.
      globalThis.gc?.({ type: 'minor' })
      const figure = await measure()
      if (round >= 0) figures[name].push(figure)
    }
  }
  return figures
}

/** @template Item @param {Item[]} items @param {() => number} random */
const shuffled = (items, random) =>
  items
    .map((item) => ({ item, place: random() }))
    .sort((one, other) => one.place - other.place)
    .map(({ item }) => item)
