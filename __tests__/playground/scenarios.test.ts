import { beginning } from '../../docs/.vitepress/theme/playground/world/beginning'
import type { Counts } from '../../docs/.vitepress/theme/playground/world/history'
import type { LaneRecord } from '../../docs/.vitepress/theme/playground/world/lane-record'
import {
  outage,
  renewal,
  revocation,
  type Scenario,
} from '../../docs/.vitepress/theme/playground/world/scenarios'
import { DEFAULTS } from '../../docs/.vitepress/theme/playground/world/settings'
import type { World } from '../../docs/.vitepress/theme/playground/world/world'
import { closedAfterTest, closeWorlds, idle } from './emulated-world'

afterEach(closeWorlds)

const begun = async (scenario: Scenario | undefined, seed: number): Promise<World> =>
  closedAfterTest(await beginning({ ...DEFAULTS, ...scenario?.settings }, scenario, seed, idle))

const countsIn = ({ lanes }: World): { library: Counts; byHand: Counts } => ({
  library: lanes.library.record.counts(),
  byHand: lanes.byHand.record.counts(),
})

const underWay = ({ requests }: LaneRecord): number =>
  [...requests.values()].filter(({ until }) => until === undefined).length

// The page draws a seed of its own each time: what it says must hold for any.
const SEEDS = [1, 2, 3]

describe.each(SEEDS)('with the seed %i', (seed) => {
  test('a renewal: none waits in the lane of the library, some do by hand', async () => {
    const world = await begun(renewal, seed)
    const before = countsIn(world)
    await world.goOn(9500)
    const { library, byHand } = countsIn(world)
    expect(library.tokenCalls - before.library.tokenCalls).toBe(1)
    expect(library.waited - before.library.waited).toBe(0)
    expect(byHand.tokenCalls - before.byHand.tokenCalls).toBe(1)
    expect(byHand.waited - before.byHand.waited).toBeGreaterThan(5)
  })

  test('a revocation with 40 in flight: one token call against several, and fewer refusals', async () => {
    const world = await begun(revocation, seed)
    const before = countsIn(world)
    await world.goOn(7499)
    expect(Math.abs(underWay(world.lanes.library.record) - 40)).toBeLessThan(8)
    await world.goOn(12_000)
    const { library, byHand } = countsIn(world)
    expect(library.tokenCalls - before.library.tokenCalls).toBe(1)
    expect(byHand.tokenCalls - before.byHand.tokenCalls).toBeGreaterThan(1)
    expect(library.refused).toBeLessThan(byHand.refused)
    expect([library.failed, byHand.failed]).toEqual([0, 0])
  })

  test('an issuer that is down for 10 s: no caller of the library fails, by hand many do', async () => {
    const world = await begun(outage, seed)
    await world.goOn(26_000)
    const { library, byHand } = countsIn(world)
    expect(world.outages).toEqual([{ from: 13_000, until: 23_000 }])
    expect(library.failed).toBe(0)
    expect(byHand.failed).toBeGreaterThan(100)
  })

  test('settings of the visitor: all is well in both lanes', async () => {
    const world = await begun(undefined, seed)
    const { library, byHand } = countsIn(world)
    expect(library.served).toBeGreaterThan(40)
    expect([library.failed, byHand.failed]).toEqual([0, 0])
  })
})
