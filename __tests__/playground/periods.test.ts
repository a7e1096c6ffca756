import { faultAt } from '../../docs/.vitepress/theme/playground/world/fault'
import { periods } from '../../docs/.vitepress/theme/playground/world/periods'
import { closeWorlds, worldWith } from './emulated-world'

afterEach(closeWorlds)

/** What is told of a world, a look each 100 ms. */
async function toldOf(world: ReturnType<typeof worldWith>, until: number): Promise<string[]> {
  const story = periods()
  for (let moment = 100; moment <= until; moment += 100) {
    await world.goOn(moment)
    story.look(world)
  }
  return story.told().map((period) => period.text)
}

test('what happens is told in words, the latest first', async () => {
  const world = worldWith({ tokenLife: 60, rate: 20 })
  world.plan(6000, () => world.revoke())
  world.plan(11_000, () => world.setIssuerDown(true))
  const [third, second, first] = await toldOf(world, 15_000)
  expect(first).toMatch(
    /^With the library: 1 token call, \d+ requests waited, all were served\. By hand: 1 token call/,
  )
  expect(second).toMatch(
    /^The token was revoked\. With the library: 1 token call, \d+ requests waited, \d+ refused with 401, all/,
  )
  expect(third).toBe('The issuer went down. With the library: all were served. By hand: all were served.')
})

test('as long as nothing happens the same is told, so that it is not read out each time', async () => {
  const world = worldWith({ tokenLife: 60 })
  const [third, second] = await toldOf(world, 15_000)
  expect(second).toBe('With the library: all were served. By hand: all were served.')
  expect(third).toBe(second)
})

test('failed callers are counted, and an issuer that is up again is told of', async () => {
  const world = worldWith({ tokenLife: 5 })
  world.plan(3000, () => world.setIssuerDown(true))
  world.plan(9000, () => world.setIssuerDown(false))
  const [second = '', first = ''] = await toldOf(world, 10_000)
  expect(first).toContain('The issuer went down.')
  expect(second).toContain('The issuer is up again.')
  expect(second).toMatch(/By hand: .*\d+ callers failed\.$/)
})

test('only the last minute is told', async () => {
  const world = worldWith({ rate: 1 })
  expect(await toldOf(world, 90_000)).toHaveLength(12)
})

test('why callers fail is said while they do', () => {
  expect(faultAt(1000, undefined)).toBeUndefined()
  expect(faultAt(1000, { at: 900, error: '503' })).toBe(
    'Callers fail with 503: they wait for a token, and the issuer gives none.',
  )
  expect(faultAt(1000, { at: 900, error: 'ERR_OTHER' })).toBe('Callers fail with ERR_OTHER.')
  expect(faultAt(9000, { at: 900, error: '503' })).toBeUndefined()
})
