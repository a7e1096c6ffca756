import { withoutBoundary } from '../../support/multipart'
import { openStage, type Setting } from '../stage'

export function replaying(setting: Setting): void {
  test.each<[string, () => unknown]>([
    ['JSON', () => ({ name: 'ü', list: [1, 2] })],
    ['URLSearchParams', () => new URLSearchParams({ a: '1 2', b: 'ü' })],
    ['a Blob', () => new Blob([new Uint8Array([0, 1, 254, 255])], { type: 'application/x-fake' })],
    [
      'a form with a file',
      () => {
        const form = new FormData()
        form.append('name', 'ü')
        form.append('file', new File(['content of the file'], 'file.txt'))
        return form
      },
    ],
  ])('a revoked token is replaced and the request replayed with the same body: %s', async (_, bodyOf) => {
    const { run, issuer, api } = await openStage(setting)
    await run(() => inPage.get('/first'))
    await issuer.revokeAll()
    const outcome = await run((bodyOf) => inPage.outcomeOf(inPage.api.post('/things', bodyOf())), bodyOf)
    expect([outcome, issuer.tokenRequests]).toEqual([{ status: 200 }, 2])
    const [, refused, served] = api.requests
    expect(api.requests).toHaveLength(3)
    const [bytes, again] = [refused?.body as Buffer, served?.body as Buffer]
    expect(bytes.length).toBeGreaterThan(0)
    const isForm = refused?.headers['content-type']?.startsWith('multipart/form-data')
    if (isForm) expect(withoutBoundary(again)).toBe(withoutBoundary(bytes))
    else expect([served?.headers['content-type'], again]).toEqual([refused?.headers['content-type'], bytes])
  })

  test('200 requests with a revoked token cost one token call, and all are served', async () => {
    const { run, issuer, api } = await openStage(setting)
    await run(() => inPage.get('/first'))
    await issuer.revokeAll()
    const bodies = await run(async () => {
      const requests = Array.from({ length: 200 }, (_, n) => inPage.api.post('/things', { n }))
      return (await Promise.all(requests)).map(({ data }) => data.body)
    })
    expect(bodies).toEqual(Array.from({ length: 200 }, (_, n) => JSON.stringify({ n })))
    expect([issuer.tokenRequests, api.requests.length]).toEqual([2, 1 + 2 * 200])
  })

  test('a replay that is refused, too, is handed over', async () => {
    const { run, issuer, api } = await openStage(setting)
    api.respond((_, response) => {
      response.writeHead(401).end()
      return true
    })
    const outcome = await run(() => inPage.get('/things'))
    expect(outcome).toMatchObject({ name: 'AxiosError', code: 'ERR_BAD_REQUEST', status: 401 })
    expect([issuer.tokenRequests, api.requests.length]).toEqual([2, 2])
  })

  if (setting.adapter === 'fetch') {
    test('a refusal that is streamed is whole when no other token can be had', async () => {
      const { run, issuer, api } = await openStage(setting)
      await run(() => inPage.get('/first'))
      await issuer.revokeAll()
      issuer.fail(1)
      const outcome = await run(async () => {
        const request = inPage.api.get('/things', { responseType: 'stream' })
        const { response, cause } = await request.catch((error) => error)
        return { code: cause.code, status: response.status, text: await new Response(response.data).text() }
      })
      expect(outcome).toEqual({ code: 'ERR_AUTH_TOKEN_REQUEST', status: 401, text: '{"ok":false}' })
      expect(api.requests).toHaveLength(2)
    })
  }
}
