import type { CallerRequest, Sending } from '../world/history'
import { AREAS, pitchOf } from './areas'
import { box, type Look, label, type Shape } from './shapes'
import { stretch, type View, xOf } from './view'

const WIDEST = 13
const THINNEST = 2.5
const REFUSAL = 5
// A word of three digits fits in.
const ROOM_FOR_STATUS = 11
// In a thinner bar, hatches under an arrow are but noise; the arrow tells as well that it took a while.
const ROOM_FOR_HATCHES = 5

const inView = (requests: Iterable<CallerRequest>, view: View): CallerRequest[] =>
  [...requests].filter(({ from, until }) => stretch(view, from, until))

/** How many rows these requests need. */
export const rowsOf = (requests: Iterable<CallerRequest>, view: View): number =>
  Math.max(0, ...inView(requests, view).map(({ row }) => row + 1))

/** One row for each caller who waits for an answer, as high as so many rows can be. */
export function requestShapes(requests: Iterable<CallerRequest>, view: View, rows: number): Shape[] {
  const area = AREAS.requests
  const seen = inView(requests, view)
  const { pitch, fit } = pitchOf(area, rows, WIDEST, THINNEST)
  const height = pitch - (pitch > 5 ? 2 : 1)
  const shapes = seen
    .filter(({ row }) => row < fit)
    .flatMap((request) => shapesOf(request, view, area.top + request.row * pitch, height))
  const unseen = seen.filter(({ row, until }) => row >= fit && until === undefined).length
  if (unseen > 0) {
    const text = `and ${unseen} more under way`
    const words = { tone: 'plain', align: 'right', isPlate: true } as const
    shapes.push(label(text, view.width - 4, area.top + area.height - 6, words))
  }
  return shapes
}

function shapesOf(request: CallerRequest, view: View, y: number, height: number): Shape[] {
  const { from, until, outcome, sendings } = request
  const middle = y + height / 2
  const isFailure = outcome === 'failed'
  const bar = (look: Look, since: number, end?: number): Shape[] => {
    const place = stretch(view, since, end)
    return place ? [box(look, place, y, height)] : []
  }

  const shapes = sendings.flatMap((sending, attempt) => {
    const before = sendings[attempt - 1]
    const since = before?.until ?? from
    const hasWaited = sending.from > since
    const isThin = height < ROOM_FOR_HATCHES
    return [
      ...(hasWaited && !(before && isThin) ? bar('waiting', since, sending.from) : []),
      ...bar('wire', sending.from, sending.until),
      ...(before ? replayArrow(view, since, sending.from, middle, height) : []),
      ...refusal(sending, view, y, height),
    ]
  })

  const last = sendings.at(-1)
  const since = last ? last.until : from
  if (since !== undefined && since < (until ?? view.now))
    shapes.push(...bar(isFailure ? 'waited in vain' : 'waiting', since, until))
  if (isFailure) shapes.push(...cross(view, until, middle, height))
  return shapes
}

/** The end of a bar that was refused. */
function refusal({ status, until }: Sending, view: View, y: number, height: number): Shape[] {
  if (status !== 401 || until === undefined) return []
  const x = xOf(view, until)
  if (x < REFUSAL) return []
  const end = box('refused', [x - REFUSAL, REFUSAL], y, height)
  if (height < ROOM_FOR_STATUS) return [end]
  const words = { tone: 'plain', align: 'right', isPlate: true } as const
  return [end, label('401', x - REFUSAL - 2, y + height / 2, words)]
}

function replayArrow(view: View, from: number, until: number, y: number, height: number): Shape[] {
  const place = stretch(view, from, until)
  return place
    ? [{ kind: 'arrow', x: place[0], y, width: place[1], head: Math.min(3.5, height / 2 + 1) }]
    : []
}

function cross(view: View, at: number | undefined, y: number, height: number): Shape[] {
  const x = at === undefined ? -1 : xOf(view, at)
  return x < 0 ? [] : [{ kind: 'cross', x, y, size: Math.max(6, Math.min(height, 9)) }]
}
