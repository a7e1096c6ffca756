import { LANE_HEIGHT } from './areas'
import type { Palette } from './palette'
import type { Arrow, Box, Cross, Label, Shape, Upright } from './shapes'
import { textures } from './texture'

export interface Painter {
  /** @param shift how far the drawing has moved to the left since the beginning, in pixels */
  paint(shapes: readonly Shape[], shift: number): void
}

/** Draws on a canvas that is so wide, with the colours of the moment. */
export function painterOn(canvas: HTMLCanvasElement, width: number, palette: Palette): Painter {
  const ratio = window.devicePixelRatio || 1
  canvas.width = Math.round(width * ratio)
  canvas.height = Math.round(LANE_HEIGHT * ratio)
  const pen = canvas.getContext('2d') as CanvasRenderingContext2D
  pen.scale(ratio, ratio)
  pen.font = palette.font
  pen.textBaseline = 'middle'
  const texture = textures(pen, ratio)

  function paintBox({ look, x, y, width, height }: Box, shift: number): void {
    const ink = palette.inks[look]
    pen.fillStyle = pen.strokeStyle = ink.colour
    pen.lineWidth = 1
    if (ink.texture === 'solid') pen.fillRect(x, y, width, height)
    else if (ink.texture === 'faint') {
      pen.globalAlpha = 0.1
      pen.fillRect(x, y, width, height)
      pen.globalAlpha = 1
    } else {
      pen.clearRect(x, y, width, height)
      if (ink.texture !== 'outlined') {
        pen.fillStyle = texture.fill(ink, shift)
        pen.fillRect(x, y, width, height)
      }
      // Thin bars would be nothing but outline.
      if (height > 6) pen.strokeRect(x + 0.5, y + 0.5, Math.max(0, width - 1), height - 1)
    }
  }

  function paintArrow({ x, y, width, head }: Arrow): void {
    const tip = x + width
    pen.strokeStyle = pen.fillStyle = palette.inks.refused.colour
    pen.lineWidth = 1.5
    pen.beginPath()
    pen.moveTo(x, y)
    pen.lineTo(tip, y)
    pen.stroke()
    pen.beginPath()
    pen.moveTo(tip + head, y)
    pen.lineTo(tip - head / 2, y - head)
    pen.lineTo(tip - head / 2, y + head)
    pen.fill()
  }

  function paintCross({ x, y, size }: Cross): void {
    const reach = size / 2
    pen.strokeStyle = palette.inks.failed.colour
    pen.lineWidth = 2
    pen.beginPath()
    pen.moveTo(x - reach, y - reach)
    pen.lineTo(x + reach, y + reach)
    pen.moveTo(x - reach, y + reach)
    pen.lineTo(x + reach, y - reach)
    pen.stroke()
  }

  function paintUpright({ look, x }: Upright): void {
    const isRevocation = look === 'revoked'
    pen.strokeStyle = palette.inks[look].colour
    pen.lineWidth = isRevocation ? 2 : 1
    pen.setLineDash(isRevocation ? [5, 3] : [])
    pen.beginPath()
    pen.moveTo(x, 0)
    pen.lineTo(x, LANE_HEIGHT)
    pen.stroke()
    pen.setLineDash([])
  }

  function paintLabel({ text, x, y, tone, isPlate, align }: Label): void {
    if (isPlate) {
      const { width } = pen.measureText(text)
      pen.fillStyle = palette.ground
      pen.fillRect((align === 'left' ? x : x - width) - 3, y - 7, width + 6, 14)
    }
    pen.textAlign = align
    pen.fillStyle = palette.tones[tone]
    pen.fillText(text, x, y + 0.5)
  }

  return {
    paint(shapes, shift) {
      pen.clearRect(0, 0, width, LANE_HEIGHT)
      for (const shape of shapes) {
        if (shape.kind === 'box') paintBox(shape, shift)
        else if (shape.kind === 'arrow') paintArrow(shape)
        else if (shape.kind === 'cross') paintCross(shape)
        else if (shape.kind === 'upright') paintUpright(shape)
        else paintLabel(shape)
      }
    },
  }
}
