import type { LaneRecord } from '../world/lane-record'
import type { World } from '../world/world'
import { AREAS, type Area, captionOf } from './areas'
import { requestShapes, rowsOf } from './request-shapes'
import { label, type Shape } from './shapes'
import { heldShapes, tokenCallShapes } from './token-shapes'
import type { View } from './view'
import { momentShapes, outageShapes, secondShapes, TOKEN_CAPTION, type WorldEvents } from './world-shapes'

/** All that is drawn of one lane, what stands behind first. */
export function timeline(
  record: LaneRecord,
  world: Pick<World, 'lanes' | keyof WorldEvents>,
  view: View,
): Shape[] {
  // What is as high in both can be compared.
  const rows = Object.values(world.lanes).map((lane) => rowsOf(lane.record.requests.values(), view))
  return [
    ...outageShapes(world, view),
    ...secondShapes(view),
    ...heldShapes(record.held, view),
    ...tokenCallShapes(record.tokenCalls, view),
    ...requestShapes(record.requests.values(), view, Math.max(...rows)),
    ...CAPTIONS,
    ...momentShapes(world, view),
  ]
}

const caption = (text: string, area: Area): Shape => label(text, 0, captionOf(area), { isPlate: true })

const CAPTIONS: Shape[] = [
  caption(TOKEN_CAPTION, AREAS.token),
  caption('calls to the issuer', AREAS.tokenCalls),
  caption('requests to the API', AREAS.requests),
]
