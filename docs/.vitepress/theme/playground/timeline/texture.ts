import type { Ink } from './palette'

const TILE = 6

/** Textures made once for each ink. They move with what they fill, or they would seem to run through it. */
export function textures(context: CanvasRenderingContext2D, ratio: number) {
  const made = new Map<string, CanvasPattern>()

  function patternOf({ colour, texture }: Ink): CanvasPattern {
    const name = `${texture} ${colour}`
    const known = made.get(name)
    if (known) return known
    const tile = document.createElement('canvas')
    tile.width = tile.height = TILE * ratio
    const pen = tile.getContext('2d') as CanvasRenderingContext2D
    pen.scale(ratio, ratio)
    pen.strokeStyle = colour
    pen.lineWidth = 1.4
    pen.beginPath()
    // Beyond the corners, so that the strokes of neighbours meet.
    for (const shift of [-TILE, 0, TILE]) {
      pen.moveTo(shift - 1, TILE + 1)
      pen.lineTo(shift + TILE + 1, -1)
      if (texture === 'crossed') {
        pen.moveTo(shift - 1, -1)
        pen.lineTo(shift + TILE + 1, TILE + 1)
      }
    }
    pen.stroke()
    const pattern = context.createPattern(tile, 'repeat') as CanvasPattern
    made.set(name, pattern)
    return pattern
  }

  return {
    /** @param shift how far the drawing has moved to the left, in pixels */
    fill(ink: Ink, shift: number): CanvasPattern {
      const pattern = patternOf(ink)
      pattern.setTransform(new DOMMatrix().translate(-(shift % TILE), 0).scale(1 / ratio))
      return pattern
    },
  }
}
