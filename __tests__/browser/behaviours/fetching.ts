import { openStage, type Setting } from '../stage'

const MINUTE = 60_000

export function fetching(setting: Setting): void {
  test('nothing is fetched before the first request that needs a token', async () => {
    const { run, issuer, api } = await openStage(setting)
    await run(() => inPage.get('/open', { authenticate: false }))
    expect([api.requests.length, issuer.tokenRequests]).toEqual([1, 0])
  })

  test('200 parallel first requests cost one token call, and each carries the token', async () => {
    const { run, issuer, api } = await openStage(setting)
    const statuses = await run(async () => {
      const requests = Array.from({ length: 200 }, () => inPage.api.get('/things'))
      return (await Promise.all(requests)).map(({ status }) => status)
    })
    expect(statuses).toEqual(Array(200).fill(200))
    expect(issuer.tokenRequests).toBe(1)
    expect(api.requests).toHaveLength(200)
    expect(new Set(api.requests.map(({ headers }) => headers.authorization)).size).toBe(1)
  })

  test('an expired token is replaced before a request is sent with it', async () => {
    const { run, issuer, api } = await openStage(setting)
    await run(() => inPage.get('/first'))
    await issuer.revokeAll()
    await run((later) => {
      inPage.clock.ahead += later
      return inPage.get('/second')
    }, 10 * MINUTE)
    expect(issuer.tokenRequests).toBe(2)
    expect(api.requests.map(({ url }) => url)).toEqual(['/first', '/second'])
  })

  test('a token that is about to expire is renewed behind the requests', async () => {
    const { run, issuer, api } = await openStage(setting)
    await run(() => inPage.get('/first'))
    issuer.pause()
    await run((later) => {
      inPage.clock.ahead += later
      return inPage.get('/while-it-is-renewed')
    }, 8 * MINUTE)
    await issuer.held()
    await run(() => {
      inPage.kept.renewal = inPage.source.renew() // waits for the one under way
    })
    issuer.resume()
    await run(async () => {
      await inPage.kept.renewal
      return inPage.get('/last')
    })
    const [first, second, last] = api.requests.map(({ headers }) => headers.authorization)
    expect([second === first, last === first, issuer.tokenRequests]).toEqual([true, false, 2])
  })

  test('tokens are in memory only: nothing is stored, and a page that is loaded again fetches anew', async () => {
    const { run, load, issuer } = await openStage(setting)
    const stored = await run(async () => {
      await inPage.api.get('/things')
      return [localStorage.length, sessionStorage.length, document.cookie, await indexedDB.databases()]
    })
    expect(stored).toEqual([0, 0, '', []])
    await load()
    await run(() => inPage.get('/things'))
    expect(issuer.tokenRequests).toBe(2)
  })
}
