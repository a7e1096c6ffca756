/** Which lanes are shown. Both go on, so that neither misses what happens. */
export type LaneChoice = 'both' | 'library' | 'byHand'

export const LANE_CHOICES: Readonly<Record<LaneChoice, string>> = {
  both: 'both',
  library: 'with the library',
  byHand: 'by hand',
}
