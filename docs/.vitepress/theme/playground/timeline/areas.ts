/** Where the parts of a lane stand, from top to bottom, in pixels. */
export interface Area {
  readonly top: number
  readonly height: number
}

const CAPTION = 14

const token: Area = { top: CAPTION, height: 18 }
const tokenCalls: Area = { top: token.top + token.height + 4 + CAPTION, height: 18 }
const requests: Area = { top: tokenCalls.top + tokenCalls.height + 4 + CAPTION, height: 130 }

export const AREAS = { token, tokenCalls, requests }

export const LANE_HEIGHT = requests.top + requests.height + 18

/** The middle of the caption above an area. */
export const captionOf = ({ top }: Area): number => top - CAPTION / 2

/** How far rows are apart, so that as many as there are fit; and how many do, if even the thinnest are too many. */
export function pitchOf(
  area: Area,
  rows: number,
  widest: number,
  thinnest: number,
): { pitch: number; fit: number } {
  const pitch = Math.max(thinnest, Math.min(widest, area.height / Math.max(1, rows)))
  return { pitch, fit: Math.floor(area.height / pitch + 1e-9) }
}
