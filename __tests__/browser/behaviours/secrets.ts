import type { AxiosRequestConfig } from 'axios'
import { openStage, type Setting, type Stage } from '../stage'
import { textsOf } from '../texts-of'

type Answer = NonNullable<Parameters<Stage['api']['respond']>[0]>

const status =
  (code: number, headers = {}): Answer =>
  (_, response) => {
    response.writeHead(code, headers).end()
    return true
  }

const outcomes: [string, Answer, AxiosRequestConfig][] = [
  ['a response', status(200), {}],
  ['a refusal that stands', status(401, { 'www-authenticate': 'Bearer error="insufficient_scope"' }), {}],
  ['a 500', status(500), {}],
  ['a network error', ({ socket }) => socket.destroy().destroyed, {}],
  ['a timeout', () => true, { timeout: 200 }],
]

export function secrets(setting: Setting): void {
  test('a token that was set by hand is found in an error', async () => {
    const { run, api } = await openStage(setting)
    api.respond(status(500))
    const isFound = await run(async (textsOf) => {
      const headers = { Authorization: 'Bearer fake-secret' }
      const error = await inPage
        .instance({ baseURL: inPage.urls.api, headers })
        .get('/things')
        .catch((error: unknown) => error)
      return (await textsOf(error)).includes('fake-secret')
    }, textsOf)
    expect(isFound).toBe(true)
  })

  test.each(outcomes)(
    'neither the token of its header nor the key of its query is found in %s',
    async (_, answer, config) => {
      const { run, api } = await openStage(setting)
      api.respond(answer)
      const shown = await run(
        async (textsOf, config) => {
          const { apiKeyAuth } = inPage.library
          const { value: token } = await inPage.source.get()
          const key = 'fake-secret'
          const keyed = inPage.instance(
            { baseURL: inPage.urls.api },
            apiKeyAuth({ name: 'key', value: key, in: 'query' }),
          )
          const texts = async (client: typeof keyed): Promise<string> =>
            textsOf(await client.get('/things', config).catch((error: unknown) => error))
          const [ofToken, ofKey] = [await texts(inPage.api), await texts(keyed)]
          return {
            token: ofToken.includes(token),
            key: ofKey.includes(key),
            url: [ofToken, ofKey].map((text) => text.includes('/things')),
          }
        },
        textsOf,
        config,
      )
      expect(shown).toEqual({ token: false, key: false, url: [true, true] })
      if (config.timeout) return // it may be over before anything is sent
      // A browser may send a GET once more whose connection broke.
      const urls = new Set(api.requests.map(({ url }) => url))
      expect([...urls]).toEqual(['/things', '/things?key=fake-secret'])
      expect(api.requests[0]?.headers.authorization).toMatch(/^Bearer ./)
    },
  )

  test('the secret of the client is not found in an error for want of a token', async () => {
    const { run, issuer } = await openStage(setting)
    issuer.fail(1, 401, { body: { error: 'invalid_client' } })
    const texts = await run(
      async (textsOf) => textsOf(await inPage.api.get('/things').catch((error: unknown) => error)),
      textsOf,
    )
    const { clientId, clientSecret } = issuer.clients.basic
    expect(texts).toContain('ERR_AUTH_TOKEN_REQUEST')
    expect(texts).not.toContain(clientSecret)
    expect(texts).not.toContain(Buffer.from(`${clientId}:${clientSecret}`).toString('base64'))
  })
}
