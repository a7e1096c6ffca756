import type { Scenario } from './scenarios'
import type { Settings } from './settings'
import { createWorld, type World } from './world'

/** Without a scenario: so much has happened when the visitor begins to look. */
const HEAD_START = 4000

/** A new world, with what is planned in it, that has gone on to where the visitor begins to look. */
export async function beginning(
  settings: Settings,
  scenario: Scenario | undefined,
  seed: number,
  idle: () => Promise<void>,
): Promise<World> {
  const world = createWorld(settings, seed, idle)
  for (const { at, act } of scenario?.acts ?? []) world.plan(at, act)
  await world.goOn(scenario?.begins ?? HEAD_START)
  return world
}
