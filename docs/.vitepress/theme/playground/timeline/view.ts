/** What part of time is on the drawing, and where. Time goes to the right, and its last moment stands at the right edge. */
export interface View {
  /** Milliseconds of the world's time. */
  readonly now: number
  /** Pixels. */
  readonly width: number
  readonly span: number
}

export const viewAt = (now: number, width: number): View => ({ now, width, span: spanOf(width) })

/** How much time fits, in milliseconds: some seconds even on a telephone, and not so many that bars become dots. */
const spanOf = (width: number): number => Math.min(10_000, Math.max(5000, width * 10))

export const xOf = ({ now, width, span }: View, at: number): number => width - ((now - at) / span) * width

/** A stretch of time as it stands on the drawing: from x on, so wide; undefined where it is not on it. */
export function stretch(
  view: View,
  from: number,
  until: number = view.now,
): [x: number, width: number] | undefined {
  const left = Math.max(0, xOf(view, from))
  const right = Math.min(view.width, xOf(view, until))
  return right < left || (right === 0 && left === 0) ? undefined : [left, right - left]
}
