import { type Frames, running } from './running'
import { beginning } from './world/beginning'
import { type Period, periods } from './world/periods'
import type { Scenario } from './world/scenarios'
import type { Settings } from './world/settings'
import type { World } from './world/world'

/** Where one world after the other is shown, each as long as its visitor wishes. */
export interface Stage {
  world(): World | undefined
  told(): readonly Period[]
  /** Another world takes the place of this one as soon as it has begun. False if yet another was wanted meanwhile. */
  begin(settings: Readonly<Settings>, scenario: Scenario | undefined): Promise<boolean>
  /** Something is done to the world. It is drawn even if the world stands still. */
  act(change: (world: World) => void): void
  go(): void
  stop(): void
  close(): void
}

export interface StageOptions {
  readonly frames: Frames
  readonly idle: () => Promise<void>
  readonly seed: () => number
  /** How far the world goes on between two drawings at least, in milliseconds. */
  readonly step: () => number
  readonly draw: () => void
}

export function stageWith({ frames, idle, seed, step, draw }: StageOptions): Stage {
  let world: World | undefined
  let story = periods()
  let drawnAt = 0
  let beginnings = 0

  function show(shown: World): void {
    drawnAt = shown.now()
    story.look(shown)
    draw()
  }

  const runs = running(frames, async (elapsed) => {
    const shown = world
    if (!shown) return
    await shown.goOn(shown.now() + elapsed)
    if (shown === world && shown.now() - drawnAt >= step()) show(shown)
  })

  return {
    world: () => world,
    told: () => story.told(),
    async begin(settings, scenario) {
      beginnings += 1
      const mine = beginnings
      const begun = await beginning(settings, scenario, seed(), idle)
      if (mine !== beginnings) {
        begun.close()
        return false
      }
      world?.close()
      // They may have been changed while it began.
      begun.set(settings)
      world = begun
      story = periods()
      show(begun)
      return true
    },
    act(change) {
      if (!world) return
      change(world)
      show(world)
    },
    go: () => runs.start(),
    stop: () => runs.stop(),
    close() {
      beginnings += 1
      runs.stop()
      world?.close()
    },
  }
}
