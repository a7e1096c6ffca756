import { startServer } from '../../support/servers'
import { openStage, type Setting } from '../stage'

export function destinations(setting: Setting): void {
  const startForeign = () => startServer((_, response) => response.end('foreign'), { cors: true })

  test('an absolute URL of another origin goes out without credentials', async () => {
    const foreign = await startForeign()
    const { run, issuer } = await openStage(setting, { connect: [foreign.url] })
    const outcome = await run((url) => inPage.get(url), `${foreign.url}/things`)
    expect(outcome).toEqual({ status: 200 })
    expect(foreign.requests.map(({ headers }) => headers.authorization)).toEqual([undefined])
    expect(issuer.tokenRequests).toBe(0)
  })

  test('`origins` lets one token go to several', async () => {
    const foreign = await startForeign()
    const { run, api, issuer } = await openStage(setting, { connect: [foreign.url] })
    await run(
      async (both) => {
        const several = inPage.instance({}, inPage.library.bearerAuth(inPage.source, { origins: both }))
        for (const origin of both) await several.get(`${origin}/things`)
      },
      [api.url, foreign.url],
    )
    const [sent] = api.requests.map(({ headers }) => headers.authorization)
    expect(sent).toMatch(/^Bearer ./)
    expect(foreign.requests.map(({ headers }) => headers.authorization)).toEqual([sent])
    expect(issuer.tokenRequests).toBe(1)
  })

  test("a relative URL without `baseURL` is the page's own origin, and gets them", async () => {
    const { run, site } = await openStage(setting, { answer: (_, response) => response.end('own') })
    const outcome = await run(() => {
      const own = inPage.instance({}, inPage.library.bearerAuth(inPage.source))
      return inPage.outcomeOf(own.get('/api/things'))
    })
    expect(outcome).toEqual({ status: 200 })
    expect(site.apiRequests.map(({ headers }) => headers.authorization)).toEqual([
      expect.stringMatching(/^Bearer ./),
    ])
  })

  test('a page of plain http that is not on this machine may send them home, and nowhere else over http', async () => {
    const { run, site, api } = await openStage(setting, {
      host: 'app.example.com',
      connect: ['http://app.example.com:*'],
      answer: (_, response) => response.end('own'),
    })
    const [isSecure, home, elsewhere] = await run(
      async (baseURLs) => {
        const send = (baseURL: string): Promise<PageOutcome> => {
          const client = inPage.instance({ baseURL }, inPage.library.bearerAuth(inPage.source))
          return inPage.outcomeOf(client.get('/api/things'))
        }
        const [home = '', elsewhere = ''] = baseURLs
        return [isSecureContext, await send(home), await send(elsewhere)] as const
      },
      [site.origin, api.url.replace('127.0.0.1', 'app.example.com')],
    )
    expect([isSecure, home]).toEqual([false, { status: 200 }])
    expect(elsewhere).toMatchObject({ code: 'ERR_AUTH_ORIGIN' })
    expect([site.apiRequests.length, api.requests.length]).toEqual([1, 0])
  })

  test('an absolute URL without `baseURL` is refused with an error that says what to set, and nothing is sent', async () => {
    const { run, issuer, api } = await openStage(setting)
    const outcome = await run((url) => {
      const baseless = inPage.instance({}, inPage.library.bearerAuth(inPage.source))
      return inPage.outcomeOf(baseless.get(`${url}/things`))
    }, api.url)
    expect(outcome).toMatchObject({ name: 'AuthError', code: 'ERR_AUTH_ORIGIN' })
    expect(outcome.message).toContain(`{ origins: ["${api.url}"] }`)
    expect([issuer.tokenRequests, api.requests.length, api.preflights.length]).toEqual([0, 0, 0])
  })
}
