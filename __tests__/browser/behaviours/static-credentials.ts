import { openStage, type Setting } from '../stage'

export function staticCredentials(setting: Setting): void {
  test('a user-id and password are sent in UTF-8', async () => {
    const { run, api } = await openStage(setting)
    await run(() => {
      const { basicAuth } = inPage.library
      const auth = basicAuth({ username: 'zoë@example.com', password: 'fake-pässwörd-€-🔑' })
      const basic = inPage.instance({ baseURL: inPage.urls.api }, auth)
      return inPage.outcomeOf(basic.get('/things'))
    })
    const [, sent = ''] = api.requests[0]?.headers.authorization?.split(' ') ?? []
    expect(Buffer.from(sent, 'base64').toString()).toBe('zoë@example.com:fake-pässwörd-€-🔑')
  })

  test('a key is sent in the header that is named, for which the browser asks', async () => {
    const { run, api } = await openStage(setting, { cors: { allowHeaders: ['x-api-key', 'user-agent'] } })
    await run(() => {
      const key = inPage.library.apiKeyAuth({ name: 'X-API-Key', value: 'fake-secret' })
      const keyed = inPage.instance({ baseURL: inPage.urls.api }, key)
      return inPage.outcomeOf(keyed.get('/things'))
    })
    expect(api.requests.map(({ headers }) => headers['x-api-key'])).toEqual(['fake-secret'])
    expect(api.preflights[0]?.['access-control-request-headers']).toMatch(/\bx-api-key\b/)
  })

  test('a key is sent in the query, encoded, beside the parameters of the request', async () => {
    const { run, api } = await openStage(setting)
    await run(() => {
      const key = inPage.library.apiKeyAuth({ name: 'key', value: 'fake secret/+&', in: 'query' })
      const keyed = inPage.instance({ baseURL: inPage.urls.api }, key)
      return inPage.outcomeOf(keyed.get('/things', { params: { page: 2 } }))
    })
    const { searchParams } = new URL(api.requests[0]?.url ?? '', api.url)
    expect([...searchParams]).toEqual([
      ['page', '2'],
      ['key', 'fake secret/+&'],
    ])
  })
}
