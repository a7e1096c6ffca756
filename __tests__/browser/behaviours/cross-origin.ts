import { openStage, type Setting } from '../stage'

/** What the CORS headers of the API and of the issuer let happen. */
export function crossOrigin(setting: Setting): void {
  test('the browser asks the API first whether the token may come', async () => {
    const { run, api, site } = await openStage(setting)
    await run(() => inPage.get('/things'))
    expect(api.preflights.map(({ origin }) => origin)).toEqual([site.origin])
    expect(api.preflights[0]?.['access-control-request-headers']).toMatch(/\bauthorization\b/)
  })

  test('a 401 without CORS headers is a network error: one send each, and the token is kept', async () => {
    const { run, issuer, api } = await openStage(setting)
    api.respond((_, response) => {
      response.removeHeader('access-control-allow-origin')
      response.writeHead(401, { 'www-authenticate': 'Bearer error="invalid_token"' }).end()
      return true
    })
    const outcomes = await run(() => Promise.all(Array.from({ length: 20 }, () => inPage.get('/things'))))
    expect(outcomes).toEqual(
      Array(20).fill({ name: 'AxiosError', code: 'ERR_NETWORK', message: 'Network Error' }),
    )
    expect([issuer.tokenRequests, api.requests.length]).toEqual([1, 20])
  })

  const insufficient = 'Bearer error="insufficient_scope", scope="write"'
  test.each([
    ['that is exposed is read, and the 401 handed over', ['WWW-Authenticate'], { sends: 1, tokenCalls: 1 }],
    ['that is not exposed is not there, and the token replaced once', [], { sends: 2, tokenCalls: 2 }],
  ])('a challenge %s', async (_, exposeHeaders, { sends, tokenCalls }) => {
    const { run, issuer, api } = await openStage(setting, { cors: { exposeHeaders } })
    api.respond((_, response) => {
      response.writeHead(401, { 'www-authenticate': insufficient }).end()
      return true
    })
    const outcome = await run(() => inPage.get('/things'))
    expect(outcome).toMatchObject({ status: 401 })
    expect([api.requests.length, issuer.tokenRequests]).toEqual([sends, tokenCalls])
  })

  test.each([
    ['that is exposed keeps the issuer from being asked again', 'Retry-After', 'ERR_AUTH_TOKEN_THROTTLED', 1],
    ['that is not exposed is not there', '', 'ERR_AUTH_TOKEN_REQUEST', 2],
  ])('a Retry-After of the issuer %s', async (_, exposed, code, tokenCalls) => {
    const { run, issuer } = await openStage(setting)
    const headers = { 'retry-after': '60', 'access-control-expose-headers': exposed }
    issuer.fail(2, 503, { headers })
    const [first, second] = await run(async () => {
      const send = (): Promise<PageOutcome> => inPage.get('/things')
      return [await send(), await send()]
    })
    expect([first?.code, second?.code]).toEqual(['ERR_AUTH_TOKEN_REQUEST', code])
    expect(issuer.tokenRequests).toBe(tokenCalls)
  })

  test('an issuer without CORS headers is a token request that failed, and is not asked for ever', async () => {
    const { run, api } = await openStage(setting, { issuerCors: false })
    const codes = await run(async () => {
      const seen = []
      for (let n = 0; n < 4; n += 1) {
        const { code, cause } = await inPage.api.get('/things').catch((error) => error)
        seen.push([code, cause.code])
      }
      return seen
    })
    expect(codes).toEqual([
      ...Array(3).fill(['ERR_AUTH_TOKEN_REQUEST', 'ERR_NETWORK']),
      ['ERR_AUTH_TOKEN_THROTTLED', 'ERR_AUTH_TOKEN_REQUEST'],
    ])
    expect(api.requests).toHaveLength(0)
  })

  test('an API that does not allow Authorization is never sent the token', async () => {
    const { run, issuer, api } = await openStage(setting, { cors: { allowHeaders: ['user-agent'] } })
    const outcome = await run(() => inPage.get('/things'))
    expect(outcome).toMatchObject({ code: 'ERR_NETWORK' })
    expect([api.preflights.length, api.requests.length, issuer.tokenRequests]).toEqual([1, 0, 1])
  })

  test('an API has to allow User-Agent where axios sets it and the browser sends it', async () => {
    const { run } = await openStage(setting, { cors: { allowHeaders: ['authorization'] } })
    const isAsked = setting.browser === 'firefox' && setting.adapter === 'fetch'
    expect(await run(() => inPage.get('/things'))).toMatchObject(
      isAsked ? { code: 'ERR_NETWORK' } : { status: 200 },
    )
  })
}
