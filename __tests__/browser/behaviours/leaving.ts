import { once } from 'node:events'
import { deferred } from '../../support/token-series'
import { openStage, type Setting } from '../stage'

const canceled = { name: 'CanceledError', code: 'ERR_CANCELED' }

/** In the page: sends a request that can be aborted, and does not wait for it. */
const begin = (): void => {
  const controller = new AbortController()
  const request = inPage.api.get('/left', { signal: controller.signal })
  Object.assign(inPage.kept, { controller, outcome: inPage.outcomeOf(request) })
}
/** In the page: aborts it, and says how it ended. */
const abort = (): Promise<PageOutcome> => {
  inPage.kept.controller.abort()
  return inPage.kept.outcome
}

export function leaving(setting: Setting): void {
  test('an abort while the token is fetched ends that request alone', async () => {
    const { run, issuer, api } = await openStage(setting)
    issuer.pause()
    await run(begin)
    await run(() => {
      inPage.kept.other = inPage.get('/other')
    })
    await issuer.held()
    expect(await run(abort)).toMatchObject(canceled)
    issuer.resume()
    expect(await run(() => inPage.kept.other)).toEqual({ status: 200 })
    expect([issuer.tokenRequests, api.requests.map(({ url }) => url)]).toEqual([1, ['/other']])
  })

  test('an abort of a request under way ends it at the API, too', async () => {
    const { run, issuer, api } = await openStage(setting)
    const arrived = deferred()
    const left = deferred()
    api.respond(async (_, response) => {
      arrived.resolve()
      await once(response, 'close')
      left.resolve()
      return true
    })
    await run(begin)
    await arrived.promise
    expect(await run(abort)).toMatchObject(canceled)
    await left.promise
    api.respond(undefined)
    expect(await run(() => inPage.get('/next'))).toEqual({ status: 200 })
    expect(issuer.tokenRequests).toBe(1)
  })

  test('an abort between a refusal and its replay ends the request, and nothing is sent again', async () => {
    const { run, issuer, api } = await openStage(setting)
    await run(() => inPage.get('/first'))
    await issuer.revokeAll()
    issuer.pause()
    await run(begin)
    await issuer.held()
    expect(await run(abort)).toMatchObject(canceled)
    issuer.resume()
    expect(await run(() => inPage.get('/next'))).toEqual({ status: 200 })
    expect(api.requests.map(({ url }) => url)).toEqual(['/first', '/left', '/next'])
    expect(issuer.tokenRequests).toBe(2)
  })

  test('a `timeout` counts while the token is fetched, and the token comes for the next request', async () => {
    const { run, issuer, api } = await openStage(setting)
    issuer.pause()
    const outcome = await run(() => inPage.get('/left', { timeout: 200 }))
    expect(outcome).toEqual({
      name: 'AxiosError',
      code: 'ECONNABORTED',
      message: 'timeout of 200ms exceeded',
    })
    issuer.resume()
    expect(await run(() => inPage.get('/next'))).toEqual({ status: 200 })
    expect([issuer.tokenRequests, api.requests.map(({ url }) => url)]).toEqual([1, ['/next']])
  })

  test('a `timeout` while the API is silent ends the request as without us', async () => {
    const { run, issuer, api } = await openStage(setting)
    await run(() => inPage.get('/first'))
    api.pause()
    const [ours, bare] = await run(() =>
      Promise.all([
        inPage.get('/ours', { timeout: 200 }),
        inPage.outcomeOf(inPage.instance({ baseURL: inPage.urls.api }).get('/bare', { timeout: 200 })),
      ]),
    )
    expect(ours).toEqual(bare)
    expect(ours).toMatchObject({ name: 'AxiosError', message: 'timeout of 200ms exceeded' })
    expect(issuer.tokenRequests).toBe(1)
  })
}
