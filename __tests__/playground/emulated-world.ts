import { DEFAULTS, type Settings } from '../../docs/.vitepress/theme/playground/world/settings'
import { createWorld, type World } from '../../docs/.vitepress/theme/playground/world/world'

/** All that is settled has been followed. Nothing here waits for a clock. */
export const idle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve))

const open: World[] = []

/** A world whose time is the test's. */
export function worldWith(settings: Partial<Settings> = {}, seed = 1): World {
  return closedAfterTest(createWorld({ ...DEFAULTS, ...settings }, seed, idle))
}

export function closedAfterTest(world: World): World {
  open.push(world)
  return world
}

/** A token call that is under way has a timer of the library's, and would keep Jest from ending. */
export function closeWorlds(): void {
  for (const world of open.splice(0)) world.close()
}
