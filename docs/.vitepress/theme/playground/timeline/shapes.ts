/** What is drawn, in pixels of the drawing. */
export type Shape = Box | Arrow | Cross | Upright | Label

/** How a thing looks. Each has a colour, and a sign beside it: a texture, a shape or a word. */
export type Look =
  | 'wire'
  | 'waiting'
  | 'waited in vain'
  | 'refused'
  | 'failed'
  | 'token call'
  | 'fresh'
  | 'stale'
  | 'expired'
  | 'revoked'
  | 'outage'
  | 'quiet'

export interface Box {
  readonly kind: 'box'
  readonly look: Look
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

/** From a refusal to the replay. */
export interface Arrow {
  readonly kind: 'arrow'
  readonly x: number
  readonly y: number
  readonly width: number
  /** How wide its head is to each side. */
  readonly head: number
}

export interface Cross {
  readonly kind: 'cross'
  readonly x: number
  readonly y: number
  readonly size: number
}

/** A moment, over the whole height. */
export interface Upright {
  readonly kind: 'upright'
  readonly look: 'revoked' | 'quiet'
  readonly x: number
}

export interface Label {
  readonly kind: 'label'
  readonly text: string
  readonly x: number
  readonly y: number
  readonly tone: 'plain' | 'quiet' | 'alarm'
  /** On a ground of its own, where it would stand on a texture. */
  readonly isPlate: boolean
  readonly align: 'left' | 'right'
}

export const box = (look: Look, [x, width]: readonly [number, number], y: number, height: number): Box => ({
  kind: 'box',
  look,
  x,
  y,
  // What took no time has happened all the same.
  width: Math.max(width, 2),
  height,
})

/** How wide a text is, nearly: a label that would not fit is left out. */
export const widthOf = (text: string): number => text.length * 6.2

export const label = (text: string, x: number, y: number, more: Partial<Label> = {}): Label => ({
  kind: 'label',
  text,
  x,
  y,
  tone: 'quiet',
  isPlate: false,
  align: 'left',
  ...more,
})
