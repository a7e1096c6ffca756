/** Places for things that overlap in time: each gets the first row that is free, and has been for a moment. */
export interface Rows {
  take(at: number): number
  free(row: number, at: number): void
}

/** @param rest how long a row stays empty, so that the next one in it is seen as another; in the unit of the moments */
export function rows(rest: number): Rows {
  const freeFrom: number[] = []
  return {
    take(at) {
      const free = freeFrom.findIndex((from) => from <= at)
      const row = free === -1 ? freeFrom.length : free
      freeFrom[row] = Number.POSITIVE_INFINITY
      return row
    },
    free(row, at) {
      freeFrom[row] = at + rest
    },
  }
}
