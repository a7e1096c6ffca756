import type { HeldStretch, TokenCall } from '../world/lane-record'
import { AREAS, pitchOf } from './areas'
import { box, type Look, label, type Shape, widthOf } from './shapes'
import { stretch, type View, xOf } from './view'

/** The life of the token that the client holds, as a band. */
export function heldShapes(held: readonly HeldStretch[], view: View): Shape[] {
  const { top, height } = AREAS.token
  return held.flatMap((stay, index) => {
    // It was looked at some moments apart: each stay lasts until the next is seen.
    const place = stretch(view, stay.from, held[index + 1]?.from ?? view.now)
    if (!place) return []
    const [x, width] = place
    const text = wordsFor(stay)
    const shapes: Shape[] = stay.state === 'none' ? [] : [box(lookOf(stay), place, top, height)]
    if (width > widthOf(text) + 14)
      shapes.push(label(text, x + 5, top + height / 2, { tone: 'plain', isPlate: true }))
    return shapes
  })
}

const lookOf = ({ state, isRevoked }: HeldStretch): Look =>
  isRevoked ? 'revoked' : state === 'none' ? 'quiet' : state

function wordsFor({ state, token, isRevoked }: HeldStretch): string {
  if (state === 'none') return 'none'
  return `token ${token}, ${isRevoked ? 'revoked' : state}`
}

const WIDEST = 14
const THINNEST = 3
const GAP = 8

/** Each call to the issuer, from question to answer. */
export function tokenCallShapes(calls: readonly TokenCall[], view: View): Shape[] {
  const area = AREAS.tokenCalls
  const seen = calls.filter(({ from, until }) => stretch(view, from, until))
  const rows = Math.max(0, ...seen.map(({ row }) => row + 1))
  const { pitch, fit } = pitchOf(area, rows, WIDEST, THINNEST)
  const height = pitch - 1
  return seen
    .filter(({ row }) => row < fit)
    .flatMap((call) => {
      const place = stretch(view, call.from, call.until)
      if (!place) return []
      const y = area.top + call.row * pitch
      const isFailure = call.until !== undefined && call.status !== 200
      const shapes: Shape[] = [box(isFailure ? 'failed' : 'token call', place, y, height)]
      const end = place[0] + place[1]
      if (isFailure) shapes.push({ kind: 'cross', x: end, y: y + height / 2, size: 8 })
      const text = wordsForCall(call)
      const room = roomAfter(call, seen, view) - (isFailure ? GAP : 0)
      if (text && rows === 1 && room > widthOf(text) + GAP)
        shapes.push(label(text, end + GAP / 2 + (isFailure ? GAP / 2 : 0), y + height / 2))
      return shapes
    })
}

/** How much place there is for words until the next call, or the edge. */
function roomAfter({ from, until }: TokenCall, calls: readonly TokenCall[], view: View): number {
  if (until === undefined) return 0
  const next = calls.find((other) => other.from > from)
  return (next ? xOf(view, next.from) : view.width) - xOf(view, until)
}

const REASONS: Record<string, string> = {
  cold: 'the first token',
  stale: 'a renewal behind the requests',
  expired: 'the old one expired',
  rejected: 'the old one was refused',
}

function wordsForCall({ reason = '', status, until }: TokenCall): string | undefined {
  if (until === undefined || status === 200) return REASONS[reason]
  return status === undefined ? 'no answer' : `${status}`
}
