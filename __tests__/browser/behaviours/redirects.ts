import { startServer } from '../../support/servers'
import { allowed, openStage, type Setting } from '../stage'

/** Browsers follow redirects by themselves, and show them to no script: this is what they do. */
export function redirects(setting: Setting): void {
  const startForeign = () => startServer((_, response) => response.end('foreign'), { cors: true })

  /** The API sends `/moved` on to this URL. */
  const redirecting = async (target: string, connect: readonly string[] = []) => {
    const stage = await openStage(setting, {
      connect,
      cors: { allowHeaders: [...allowed(setting), 'x-api-key'] },
    })
    stage.api.respond(({ url }, response) => {
      if (!url?.startsWith('/moved')) return false
      response.writeHead(307, { location: target }).end()
      return true
    })
    return stage
  }

  test('a redirect within the API keeps the token', async () => {
    const { run, api } = await redirecting('/things')
    expect(await run(() => inPage.get('/moved'))).toEqual({ status: 200 })
    expect(api.requests.map(({ url }) => url)).toEqual(['/moved', '/things'])
  })

  test('a redirect to another origin loses Authorization, for the browser drops it', async () => {
    const foreign = await startForeign()
    const { run } = await redirecting(`${foreign.url}/things`, [foreign.url])
    expect(await run(() => inPage.get('/moved'))).toEqual({ status: 200 })
    expect(foreign.requests.map(({ headers }) => headers.authorization)).toEqual([undefined])
  })

  test('a redirect to another origin takes other headers along, if that allows them', async () => {
    const foreign = await startForeign()
    const { run } = await redirecting(`${foreign.url}/things`, [foreign.url])
    const outcome = await run(() => {
      const key = inPage.library.apiKeyAuth({ name: 'X-API-Key', value: 'fake-secret' })
      const keyed = inPage.instance({ baseURL: inPage.urls.api }, key)
      return inPage.outcomeOf(keyed.get('/moved'))
    })
    expect(outcome).toEqual({ status: 200 })
    expect(foreign.requests.map(({ headers }) => headers['x-api-key'])).toEqual(['fake-secret'])
  })

  const isFollowed = setting.adapter === 'xhr'
  test(`a redirect of a token request is ${isFollowed ? 'followed, with its body' : 'not followed'}`, async () => {
    const foreign = await startForeign()
    const moved = await startServer(
      (_, response) => response.writeHead(307, { location: `${foreign.url}/token` }).end(),
      { cors: true },
    )
    const { run, api } = await openStage(setting, { connect: [foreign.url, moved.url] })
    const outcome = await run(async (baseURL) => {
      const { bearerAuth, refreshToken } = inPage.library
      const fetchToken = refreshToken(inPage.instance({ baseURL }), {
        url: '/token',
        clientId: 'fake-id',
        refreshToken: 'fake-refresh-token',
      })
      const client = inPage.instance({ baseURL: inPage.urls.api }, bearerAuth(fetchToken))
      return inPage.outcomeOf(client.get('/things'))
    }, moved.url)
    expect(outcome).toMatchObject({ name: 'AuthError' })
    expect(api.requests).toHaveLength(0)
    const leaked = foreign.requests.map(({ body }) => body.toString())
    expect(leaked).toEqual(isFollowed ? [expect.stringContaining('refresh_token=fake-refresh-token')] : [])
  })
}
