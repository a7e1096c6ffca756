import type { LaneRecord } from '../world/lane-record'
import { AREAS, type Area, captionOf } from './areas'
import { requestShapes } from './request-shapes'
import { label, type Shape } from './shapes'
import { heldShapes, tokenCallShapes } from './token-shapes'
import type { View } from './view'
import { momentShapes, outageShapes, secondShapes, TOKEN_CAPTION, type WorldEvents } from './world-shapes'

/** All that is drawn of one lane, what stands behind first. */
export function timeline(record: LaneRecord, world: WorldEvents, view: View): Shape[] {
  return [
    ...outageShapes(world, view),
    ...secondShapes(view),
    ...heldShapes(record.held, view),
    ...tokenCallShapes(record.tokenCalls, view),
    ...requestShapes(record.requests.values(), view),
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
