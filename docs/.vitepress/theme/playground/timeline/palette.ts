import type { Label, Look } from './shapes'

/** A colour, and where that alone would be the sign, a texture. */
export interface Ink {
  readonly colour: string
  readonly texture: 'solid' | 'hatched' | 'crossed' | 'outlined' | 'faint'
}

export interface Palette {
  readonly inks: Readonly<Record<Look, Ink>>
  readonly ground: string
  readonly tones: Readonly<Record<Label['tone'], string>>
  readonly font: string
}

/** The colours of the site's theme, light or dark as it is now. */
export function paletteOf(element: Element): Palette {
  const style = getComputedStyle(element)
  const colour = (name: string): string => style.getPropertyValue(`--vp-c-${name}`).trim()
  const ink = (name: string, texture: Ink['texture']): Ink => ({ colour: colour(name), texture })
  return {
    inks: {
      wire: ink('indigo-3', 'solid'),
      waiting: ink('text-2', 'hatched'),
      'waited in vain': ink('red-1', 'hatched'),
      refused: ink('red-1', 'solid'),
      failed: ink('red-1', 'outlined'),
      'token call': ink('purple-1', 'solid'),
      fresh: ink('green-1', 'solid'),
      stale: ink('yellow-1', 'hatched'),
      expired: ink('text-2', 'outlined'),
      revoked: ink('red-1', 'crossed'),
      outage: ink('red-1', 'faint'),
      quiet: ink('divider', 'solid'),
    },
    ground: colour('bg'),
    tones: { plain: colour('text-1'), quiet: colour('text-2'), alarm: colour('red-1') },
    font: `11px ${style.getPropertyValue('--vp-font-family-base')}`,
  }
}
