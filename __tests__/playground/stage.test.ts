import { type Stage, type StageOptions, stageWith } from '../../docs/.vitepress/theme/playground/stage'
import { outage, renewal } from '../../docs/.vitepress/theme/playground/world/scenarios'
import { DEFAULTS } from '../../docs/.vitepress/theme/playground/world/settings'
import { idle } from './emulated-world'
import { page } from './page'

let open: Stage[] = []
afterEach(() => {
  for (const stage of open) stage.close()
  open = []
})

/** A stage, and how often it was drawn. */
function stageOn({ frames }: ReturnType<typeof page>, more: Partial<StageOptions> = {}) {
  let drawings = 0
  const draw = (): void => {
    drawings += 1
  }
  const stage = stageWith({ frames, idle, seed: () => 1, step: () => 0, draw, ...more })
  open.push(stage)
  return { stage, drawings: () => drawings }
}

const nowOn = (stage: Stage): number => stage.world()?.now() ?? -1

test('a world is shown from where its scenario begins, and goes on with the frames', async () => {
  const shown = page()
  const { stage, drawings } = stageOn(shown)
  expect(await stage.begin(DEFAULTS, renewal)).toBe(true)
  expect(nowOn(stage)).toBe(renewal.begins)
  expect(drawings()).toBe(1)
  stage.go()
  for (const at of [0, 16, 32]) await shown.frame(at)
  expect(nowOn(stage)).toBe(renewal.begins + 32)
  expect(drawings()).toBe(4)
})

test('of two beginnings at once the later is shown', async () => {
  const { stage } = stageOn(page())
  const [first, second] = await Promise.all([stage.begin(DEFAULTS, outage), stage.begin(DEFAULTS, renewal)])
  expect([first, second]).toEqual([false, true])
  expect(nowOn(stage)).toBe(renewal.begins)
})

test('the world that is shown stays until the other has begun, and is then told of no more', async () => {
  const { stage } = stageOn(page())
  await stage.begin(DEFAULTS, outage)
  expect(stage.told()).toHaveLength(1)
  const before = stage.world()
  const begun = stage.begin(DEFAULTS, renewal)
  expect(stage.world()).toBe(before)
  await begun
  expect(stage.world()).not.toBe(before)
  expect(stage.told()).toEqual([])
})

test('settings that are changed while a world begins hold in it', async () => {
  const { stage } = stageOn(page())
  const settings = { ...DEFAULTS, rate: 50 }
  const begun = stage.begin(settings, undefined)
  settings.rate = 1
  await begun
  const served = stage.world()?.lanes.library.record.counts().served ?? 0
  await stage.world()?.goOn(14_000)
  const later = stage.world()?.lanes.library.record.counts().served ?? 0
  expect(served).toBeGreaterThan(100)
  // Ten seconds with one each, and what was under way.
  expect(later - served).toBeLessThan(40)
})

test('what is done to a world that stands still is drawn', async () => {
  const { stage, drawings } = stageOn(page())
  stage.act(() => undefined)
  expect(drawings()).toBe(0)
  await stage.begin(DEFAULTS, undefined)
  stage.act((world) => world.revoke())
  expect(drawings()).toBe(2)
  expect(stage.world()?.revocations).toEqual([nowOn(stage)])
})

test('for those who prefer little motion it is drawn in steps, though the world goes on', async () => {
  const shown = page()
  const { stage, drawings } = stageOn(shown, { step: () => 1000 })
  await stage.begin(DEFAULTS, undefined)
  const begun = nowOn(stage)
  stage.go()
  for (let at = 0; at <= 2500; at += 50) await shown.frame(at)
  expect(nowOn(stage)).toBe(begun + 2500)
  expect(drawings()).toBe(3)
})
