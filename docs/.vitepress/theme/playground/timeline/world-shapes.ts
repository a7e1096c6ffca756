import type { World } from '../world/world'
import { AREAS, captionOf, LANE_HEIGHT } from './areas'
import { box, label, type Shape, widthOf } from './shapes'
import { stretch, type View, xOf } from './view'

/** What happens to both lanes. */
export type WorldEvents = Pick<World, 'revocations' | 'outages'>

/** Behind what each lane does. */
export function outageShapes({ outages }: WorldEvents, view: View): Shape[] {
  return outages.flatMap(({ from, until }) => {
    const place = stretch(view, from, until)
    return place ? [box('outage', place, 0, LANE_HEIGHT)] : []
  })
}

/** Seconds of the world's time. */
export function secondShapes(view: View): Shape[] {
  const first = Math.max(0, Math.ceil((view.now - view.span) / 1000))
  const count = Math.floor(view.now / 1000) - first + 1
  return Array.from({ length: count }, (_, index) => first + index).flatMap((second): Shape[] => {
    const x = xOf(view, second * 1000)
    const text = `${second} s`
    const hasWords = second % 2 === 0 && x + widthOf(text) < view.width
    const upright: Shape = { kind: 'upright', look: 'quiet', x }
    return hasWords ? [upright, label(text, x + 3, LANE_HEIGHT - 8)] : [upright]
  })
}

/** In front of all: the moments, and their names. */
export function momentShapes({ revocations, outages }: WorldEvents, view: View): Shape[] {
  const revoked = revocations.filter((at) => stretch(view, at, at)).map((at) => xOf(view, at))
  const down = outages.flatMap(({ from, until }) => stretch(view, from, until)?.[0] ?? [])
  return [
    ...revoked.map((x): Shape => ({ kind: 'upright', look: 'revoked', x })),
    ...revoked.map((x) => name('revoked', x, view)),
    ...down.map((x) => name('issuer down', x, view)),
  ]
}

/** Beside the caption of the band, and to the left of the moment where there is no room to the right. */
function name(text: string, moment: number, view: View): Shape {
  const x = Math.max(moment + 5, widthOf(TOKEN_CAPTION) + 10)
  const isCramped = x + widthOf(text) > view.width
  return label(text, isCramped ? moment - 5 : x, captionOf(AREAS.token), {
    tone: 'alarm',
    isPlate: true,
    align: isCramped ? 'right' : 'left',
  })
}

export const TOKEN_CAPTION = 'the token it holds'
