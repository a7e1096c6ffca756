import { byHand } from '../clients/by-hand'
import { careful } from '../clients/careful'
import { naive } from '../clients/naive'
import { withLibrary } from '../clients/with-library'
import { chanceFrom, DRAW } from './chance'
import type { Span } from './history'
import { type Lane, laneWith } from './lane'
import type { Settings } from './settings'
import { worldTime } from './world-time'

/** Two lanes, to which the same happens at the same moments. */
export interface World {
  readonly lanes: { readonly library: Lane; readonly byHand: Lane }
  /** When all tokens were revoked. */
  readonly revocations: readonly number[]
  readonly outages: readonly Span[]
  now(): number
  /** From now on. */
  set(changes: Partial<Settings>): void
  revoke(): void
  isIssuerDown(): boolean
  setIssuerDown(isDown: boolean): void
  /** At a moment that is to come. */
  plan(at: number, act: (world: World) => void): void
  goOn(until: number): Promise<void>
  close(): void
}

/** What the page shows, and a little more: milliseconds. */
const MEMORY = 20_000
// No state of a token lasts so short, and no eye is quicker.
const LOOK_EVERY = 20

export function createWorld(initial: Settings, seed: number, idle: () => Promise<void>): World {
  const time = worldTime(idle)
  const settings = { ...initial }
  const chance = chanceFrom(seed)
  const revocations: number[] = []
  const outages: Span[] = []
  const isIssuerDown = (): boolean => outages.length > 0 && outages.at(-1)?.until === undefined
  const surroundings = { time, settings, chance, isIssuerDown }
  const lanes = {
    library: laneWith(withLibrary, surroundings),
    byHand: laneWith(byHand({ careful, naive }[initial.byHand]), surroundings),
  }
  const bothLanes = Object.values(lanes)

  function sendAfterGap(number: number): void {
    const gap = (1000 / settings.rate) * (0.5 + chance(DRAW.gap, number))
    time.after(gap, () => {
      for (const lane of bothLanes) lane.request(number)
      sendAfterGap(number + 1)
    })
  }
  sendAfterGap(1)

  const world: World = {
    lanes,
    revocations,
    outages,
    now: time.now,
    set: (changes) => Object.assign(settings, changes),
    revoke() {
      revocations.push(time.now())
      for (const lane of bothLanes) lane.revoke()
    },
    isIssuerDown,
    setIssuerDown(isDown) {
      if (isDown === isIssuerDown()) return
      const last = outages.at(-1)
      if (isDown) outages.push({ from: time.now() })
      else if (last) last.until = time.now()
    },
    plan: (at, act) => time.after(at - time.now(), () => act(world)),
    async goOn(until) {
      while (time.now() < until) {
        await time.goOn(Math.min(until, time.now() + LOOK_EVERY))
        for (const lane of bothLanes) lane.look()
      }
      for (const { record } of bothLanes) record.forget(until - MEMORY)
    },
    close() {
      time.end()
      for (const lane of bothLanes) lane.close()
    },
  }
  return world
}
