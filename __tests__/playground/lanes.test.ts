import type { LaneRecord } from '../../docs/.vitepress/theme/playground/world/lane-record'
import type { World } from '../../docs/.vitepress/theme/playground/world/world'
import { closeWorlds, worldWith } from './emulated-world'

afterEach(closeWorlds)

const libraryIn = ({ lanes }: World): LaneRecord => lanes.library.record
const byHandIn = ({ lanes }: World): LaneRecord => lanes.byHand.record

describe('both lanes', () => {
  test('get the same requests at the same moments', async () => {
    const world = worldWith()
    await world.goOn(10_000)
    const begun = ({ requests }: LaneRecord): [number, number][] =>
      [...requests].map(([number, { from }]) => [number, from])
    expect(begun(libraryIn(world)).length).toBeGreaterThan(150)
    expect(begun(libraryIn(world))).toEqual(begun(byHandIn(world)))
  })

  test('have the same world for the same seed', async () => {
    const [one, other] = [worldWith({}, 7), worldWith({}, 7)]
    await one.goOn(15_000)
    await other.goOn(15_000)
    expect(libraryIn(one).counts()).toEqual(libraryIn(other).counts())
    expect([...byHandIn(one).requests]).toEqual([...byHandIn(other).requests])
  })

  test('lose no request: each is served, has failed, or is under way', async () => {
    const world = worldWith({ rate: 50, tokenLife: 3, byHand: 'naive' })
    world.plan(4000, () => world.revoke())
    world.plan(6000, () => world.setIssuerDown(true))
    await world.goOn(12_000)
    for (const record of [libraryIn(world), byHandIn(world)]) {
      const { served, failed } = record.counts()
      const underWay = [...record.requests.values()].filter(({ until }) => until === undefined).length
      expect(failed).toBeGreaterThan(0)
      expect(served + failed + underWay).toBe(Math.max(...record.requests.keys()))
    }
  })
})

describe('a token that is revoked', () => {
  test('costs the library one token call, and each request that is refused is sent once more', async () => {
    const world = worldWith({ rate: 40, tokenLife: 60, apiLatency: 1000 })
    await world.goOn(5000)
    const before = libraryIn(world).counts()
    world.revoke()
    await world.goOn(10_000)
    const { tokenCalls, refused, failed } = libraryIn(world).counts()
    const sentTwice = [...libraryIn(world).requests.values()].filter(({ sendings }) => sendings.length === 2)
    expect(tokenCalls - before.tokenCalls).toBe(1)
    expect(refused).toBeGreaterThan(20)
    expect(sentTwice.map(({ sendings }) => sendings.map(({ status }) => status))).toEqual(
      Array(refused).fill([401, 200]),
    )
    expect(failed).toBe(0)
  })

  test('costs a naive client a token call for each request that is refused', async () => {
    const world = worldWith({ rate: 40, tokenLife: 60, byHand: 'naive' })
    await world.goOn(5000)
    const before = byHandIn(world).counts()
    world.revoke()
    await world.goOn(10_000)
    const { tokenCalls, refused } = byHandIn(world).counts()
    expect(refused).toBeGreaterThan(5)
    expect(tokenCalls - before.tokenCalls).toBe(refused)
  })

  test('is shown as revoked until the client gives it up', async () => {
    const world = worldWith({ tokenLife: 60 })
    await world.goOn(5000)
    world.revoke()
    await world.goOn(10_000)
    const stays = (record: LaneRecord): string[] =>
      record.held.map(({ token = 'no', isRevoked, state }) => `${token} ${isRevoked ? 'revoked' : state}`)
    expect(stays(libraryIn(world))).toEqual(['no none', '1 fresh', '1 revoked', 'no none', '2 fresh'])
    // Without a notion of refusal it sends the old one until it has another; what came late made it ask again.
    expect(stays(byHandIn(world)).slice(0, 4)).toEqual(['no none', '1 fresh', '1 revoked', '2 fresh'])
  })

  test('again and again is in the end handed over as a 401, as the documentation says', async () => {
    const world = worldWith({ tokenLife: 60 })
    for (let time = 1; time <= 5; time += 1) world.plan(time * 3000, () => world.revoke())
    await world.goOn(14_900)
    expect(libraryIn(world).counts()).toMatchObject({ tokenCalls: 5, failed: 0 })
    await world.goOn(20_000)
    expect(libraryIn(world).counts().tokenCalls).toBe(5)
    expect(libraryIn(world).lastFailure()).toMatchObject({ error: '401' })
  })
})

describe('an issuer that is down', () => {
  test('is not seen by the callers of the library as long as a valid token is left', async () => {
    const world = worldWith({ tokenLife: 20 })
    await world.goOn(8000)
    world.setIssuerDown(true)
    await world.goOn(17_900)
    const { failed, waited, tokenCalls } = libraryIn(world).counts()
    expect(failed).toBe(0)
    expect(tokenCalls).toBeGreaterThan(1)
    const before = { failed, waited }
    await world.goOn(22_000)
    expect(libraryIn(world).counts().failed).toBeGreaterThan(before.failed)
    expect(libraryIn(world).lastFailure()?.error).toMatch(/^ERR_AUTH_TOKEN_/)
  })

  test('is asked once in six seconds by the library, after the third failure, and callers are served soon after', async () => {
    const world = worldWith({ tokenLife: 10, outage: 'answers 503' })
    await world.goOn(3000)
    world.setIssuerDown(true)
    await world.goOn(36_000)
    const failures = libraryIn(world).tokenCalls.filter(({ status }) => status === 503)
    // Of the last of them: what is older the record has forgotten.
    const pauses = failures.slice(1).map(({ from }, at) => from - (failures[at]?.until ?? 0))
    expect(pauses.length).toBeGreaterThan(1)
    for (const pause of pauses) expect(pause).toBeGreaterThanOrEqual(6000)
    expect(libraryIn(world).lastFailure()?.error).toBe('ERR_AUTH_TOKEN_THROTTLED')
    expect(libraryIn(world).counts().tokenCalls).toBeLessThan(byHandIn(world).counts().tokenCalls / 3)

    world.setIssuerDown(false)
    await world.goOn(43_000)
    const { failed } = libraryIn(world).counts()
    await world.goOn(50_000)
    expect(libraryIn(world).counts().failed).toBe(failed)
  })

  test('that does not answer ends each token call by its timeout', async () => {
    const world = worldWith({ outage: 'does not answer', tokenLife: 5 })
    await world.goOn(2000)
    world.setIssuerDown(true)
    await world.goOn(20_000)
    for (const record of [libraryIn(world), byHandIn(world)]) {
      const silent = record.tokenCalls.filter(
        ({ until, status }) => until !== undefined && status === undefined,
      )
      expect(silent.length).toBeGreaterThan(0)
      for (const { from, until = 0 } of silent) expect(until - from).toBeCloseTo(3000)
    }
    expect(byHandIn(world).lastFailure()?.error).toBe('ECONNABORTED')
  })
})

describe('the record', () => {
  test('counts as waiting whoever was not sent at once', async () => {
    const world = worldWith({ tokenLife: 60 })
    await world.goOn(5000)
    const { requests, counts } = libraryIn(world)
    const late = [...requests.values()].filter(({ from, sendings }) => (sendings[0]?.from ?? from) > from)
    expect(late.length).toBeGreaterThan(0)
    expect(counts().waited).toBe(late.length)
    // All of them came before the first token.
    expect(Math.max(...late.map(({ from }) => from))).toBeLessThan(libraryIn(world).tokenCalls[0]?.until ?? 0)
  })

  test('tells for what reason the library asked for each token', async () => {
    const world = worldWith({ tokenLife: 8, rate: 10 })
    await world.goOn(9000)
    world.revoke()
    await world.goOn(11_000)
    expect(libraryIn(world).tokenCalls.map(({ reason }) => reason)).toEqual(['cold', 'stale', 'rejected'])
  })

  test('forgets what is long over, and the counts stay', async () => {
    const world = worldWith({ rate: 50, tokenLife: 4 })
    await world.goOn(60_000)
    const { requests, tokenCalls, held, counts } = libraryIn(world)
    expect(counts().served).toBeGreaterThan(2500)
    expect(requests.size).toBeLessThan(1200)
    expect(Math.min(...[...requests.values()].map(({ from }) => from))).toBeGreaterThan(38_000)
    expect(tokenCalls.length).toBeLessThan(counts().tokenCalls)
    expect(held[0]?.until).toBeGreaterThanOrEqual(40_000)
  })
})

test('a life that is shorter than the way of the token: the library knows, by hand the token is sent when it is over', async () => {
  const world = worldWith({ tokenLife: 2, issuerLatency: 2000 })
  await world.goOn(20_000)
  expect(libraryIn(world).counts()).toMatchObject({ refused: 0, failed: 0 })
  expect(byHandIn(world).counts().refused).toBeGreaterThan(50)
})
