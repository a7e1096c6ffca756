import type { Chance } from './chance'
import type { Settings } from './settings'
import type { WorldTime } from './world-time'

/** What all lanes have in common. */
export interface Surroundings {
  readonly time: WorldTime
  /** As they stand now. */
  readonly settings: Readonly<Settings>
  readonly chance: Chance
  isIssuerDown(): boolean
}
