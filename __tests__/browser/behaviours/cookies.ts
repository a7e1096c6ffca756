import { openStage, type Setting } from '../stage'

export function cookies(setting: Setting): void {
  // Ports share cookies, so the next test would have them.
  afterEach(async () => {
    const context = setting.page().browserContext()
    await context.deleteCookie(...(await context.cookies()))
  })

  test("a request to the page's own origin has the XSRF token as without us, and its replay the newest", async () => {
    let refusals = 1
    const { run, site } = await openStage(setting, {
      answer({ headers }, response) {
        const isRefused = headers.authorization !== undefined && refusals-- > 0
        if (isRefused) response.writeHead(401, { 'set-cookie': 'XSRF-TOKEN=fake-newer; Path=/' })
        response.end()
      },
    })
    await run(async () => {
      // biome-ignore lint/suspicious/noDocumentCookie: it is what axios reads
      document.cookie = 'XSRF-TOKEN=fake-older'
      const bare = inPage.instance({})
      await bare.post('/api/bare')
      bare.interceptors.request.use(inPage.library.bearerAuth(inPage.source))
      await bare.post('/api/ours')
    })
    const seen = site.apiRequests.map(({ url, headers }) => [url, headers['x-xsrf-token'], headers.cookie])
    expect(seen).toEqual([
      ['/api/bare', 'fake-older', 'XSRF-TOKEN=fake-older'],
      ['/api/ours', 'fake-older', 'XSRF-TOKEN=fake-older'],
      ['/api/ours', 'fake-newer', 'XSRF-TOKEN=fake-newer'],
    ])
  })

  /** An API of another origin, but of the same site as the page, so that the browser gives it cookies. */
  const openSameSite = () =>
    openStage(setting, {
      apiHost: 'localhost',
      cors: { credentials: true, allowHeaders: ['authorization', 'x-csrf', 'user-agent'] },
    })

  test.each([
    ['true', { withXSRFToken: true }, 'fake-xsrf'],
    ['not set', {}, undefined],
  ])(
    'another origin has the XSRF token as without us where `withXSRFToken` is %s',
    async (_, config, sent) => {
      const { run, api, issuer } = await openSameSite()
      await run(() => inPage.get('/first'))
      await issuer.revokeAll()
      await run(async (config) => {
        // biome-ignore lint/suspicious/noDocumentCookie: it is what axios reads
        document.cookie = 'my-xsrf=fake-xsrf'
        const names = { xsrfCookieName: 'my-xsrf', xsrfHeaderName: 'X-CSRF', ...config }
        const bare = inPage.instance({ baseURL: inPage.urls.api })
        await inPage.outcomeOf(bare.get('/bare', names))
        await inPage.api.get('/ours', names)
      }, config)
      const seen = api.requests.map(({ url, headers }) => [url, headers['x-csrf']])
      expect(seen).toEqual([
        ['/first', undefined],
        ['/bare', sent],
        ['/ours', sent],
        ['/ours', sent],
      ])
    },
  )

  test.each([
    ['true', { withCredentials: true }, 'session=fake-session'],
    ['false', { withCredentials: false }, undefined],
    ['not set', {}, undefined],
  ])('cookies of the API go along as without us where `withCredentials` is %s', async (_, config, sent) => {
    const { run, api, issuer } = await openSameSite()
    api.respond((_, response) => {
      response.setHeader('set-cookie', 'session=fake-session; HttpOnly; SameSite=Strict')
      return false
    })
    await run(() => inPage.get('/first', { withCredentials: true }))
    await issuer.revokeAll()
    await run(async (config) => {
      const bare = inPage.instance({ baseURL: inPage.urls.api })
      await inPage.outcomeOf(bare.get('/bare', config))
      await inPage.api.get('/ours', config)
    }, config)
    const seen = api.requests.map(({ url, headers }) => [url, headers.cookie])
    expect(seen).toEqual([
      ['/first', undefined],
      ['/bare', sent],
      ['/ours', sent],
      ['/ours', sent],
    ])
  })
}
