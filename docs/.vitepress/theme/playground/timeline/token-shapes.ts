import type { HeldStretch, TokenCall } from '../world/history'
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
    const text = nameOf(stay)
    const shapes: Shape[] = stay.state === 'none' ? [] : [box(lookOf(stay), place, top, height)]
    if (width > widthOf(text) + 14)
      shapes.push(label(text, x + 5, top + height / 2, { tone: 'plain', isPlate: true }))
    return shapes
  })
}

const lookOf = ({ state, isRevoked }: HeldStretch): Look =>
  isRevoked ? 'revoked' : state === 'none' ? 'quiet' : state

function nameOf({ state, token, isRevoked }: HeldStretch): string {
  if (state === 'none') return 'none'
  return `token ${token}, ${isRevoked ? 'revoked' : state}`
}

const WIDEST = 15
const THINNEST = 2
const GAP = 8

/** Each call to the issuer, from question to answer. */
export function tokenCallShapes(calls: readonly TokenCall[], view: View): Shape[] {
  const area = AREAS.tokenCalls
  const seen = calls.filter(({ from, until }) => stretch(view, from, until))
  const rows = Math.max(0, ...seen.map(({ row }) => row + 1))
  const { pitch, fit } = pitchOf(area, rows, WIDEST, THINNEST)
  const shapes = seen
    .filter(({ row }) => row < fit)
    .flatMap((call) => {
      const y = area.top + call.row * pitch
      const bar = callShapes(call, view, y, pitch - 1)
      return rows === 1 ? [...bar, ...wordsAfter(call, seen, view, y + pitch / 2)] : bar
    })
  return [
    ...shapes,
    ...countOfUnseen(
      seen.filter(({ row }) => row >= fit),
      view,
    ),
  ]
}

const isFailure = ({ until, status }: TokenCall): boolean => until !== undefined && status !== 200

function callShapes(call: TokenCall, view: View, y: number, height: number): Shape[] {
  const place = stretch(view, call.from, call.until)
  if (!place) return []
  const bar = box(isFailure(call) ? 'failed' : 'token call', place, y, height)
  if (!isFailure(call)) return [bar]
  return [bar, { kind: 'cross', x: bar.x + bar.width, y: y + height / 2, size: 8 }]
}

function countOfUnseen(unseen: readonly TokenCall[], view: View): Shape[] {
  if (unseen.length === 0) return []
  const { top, height } = AREAS.tokenCalls
  const text = `and ${unseen.length} more`
  const end = Math.max(...unseen.map(({ until }) => xOf(view, until ?? view.now)))
  const x = Math.min(end + GAP / 2, view.width - widthOf(text))
  return [label(text, x, top + height / 2, { tone: 'plain', isPlate: true })]
}

function wordsAfter(call: TokenCall, calls: readonly TokenCall[], view: View, y: number): Shape[] {
  const text = wordsFor(call)
  const gap = isFailure(call) ? GAP : GAP / 2
  if (!text || roomAfter(call, calls, view) < widthOf(text) + 2 * gap) return []
  return [label(text, xOf(view, call.until ?? view.now) + gap, y)]
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

function wordsFor({ reason = '', status, until }: TokenCall): string | undefined {
  if (until === undefined || status === 200) return REASONS[reason]
  return status === undefined ? 'no answer' : `${status}`
}
