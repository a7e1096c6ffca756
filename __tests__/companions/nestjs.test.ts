import { HttpModule, HttpService } from '@nestjs/axios'
import type { DynamicModule } from '@nestjs/common'
import type { AxiosError } from 'axios'
import { catchError, firstValueFrom, forkJoin, from, mergeMap, of, retry, toArray } from 'rxjs'
import { AuthError, basicAuth, bearerAuth, clientCredentials, type TokenSource, tokenSource } from '#lib'
import { startNest } from '../support/nest-context'
import { startProtectedApi, startServer } from '../support/servers'
import { deferred, tokenSeries } from '../support/token-series'
import { traces } from '../support/traces'

/** The module of an application that offers its HttpService with our interceptor as `API`. */
function apiModule(baseURL: string, token: Parameters<typeof bearerAuth>[0]): DynamicModule {
  return {
    module: class ApiModule {},
    imports: [HttpModule.register({ baseURL })],
    providers: [
      {
        provide: 'API',
        useFactory: (http: HttpService) => {
          http.axiosRef.interceptors.request.use(bearerAuth(token))
          return http
        },
        inject: [HttpService],
      },
    ],
    exports: ['API'],
  }
}

async function setUp(fetch?: () => Promise<string>) {
  const issuer = tokenSeries()
  const server = await startProtectedApi({ isValid: issuer.isValid })
  const app = await startNest([apiModule(server.url, fetch ?? issuer.fetch)])
  const sent = () => server.requests.map(({ url, headers }) => [url, headers.authorization])
  return { http: app.get<HttpService>('API'), issuer, server, sent }
}

describe('HttpService in a Nest application', () => {
  test('100 requests at once share one token call', async () => {
    const { http, issuer, server } = await setUp()
    const all = Array.from({ length: 100 }, (_, n) => http.get(`/things/${n}`))
    const answers = await firstValueFrom(forkJoin(all))
    expect(answers.map(({ data }) => data.url)).toEqual(all.map((_, n) => `/things/${n}`))
    expect([issuer.calls, server.requests.length]).toEqual([1, 100])
  })

  test('nothing is fetched or sent before somebody subscribes, and each subscription is a request', async () => {
    const { http, issuer, server } = await setUp()
    const things = http.get('/things')
    expect([issuer.calls, server.requests.length]).toEqual([0, 0])
    await firstValueFrom(things)
    await firstValueFrom(things)
    expect([issuer.calls, server.requests.length]).toEqual([1, 2])
  })

  test('after a 401 the observable brings one value: the answer to the replay, whose body is whole', async () => {
    const { http, issuer, sent } = await setUp()
    await firstValueFrom(http.get('/first'))
    issuer.revoke()
    const values = await firstValueFrom(http.post('/things', { a: 1 }).pipe(toArray()))
    expect(values.map(({ data }) => data.body)).toEqual(['{"a":1}'])
    expect(sent()).toEqual([
      ['/first', 'Bearer fake-token-1'],
      ['/things', 'Bearer fake-token-1'],
      ['/things', 'Bearer fake-token-2'],
    ])
  })

  test('a token that was revoked under 50 requests, eight at a time, is replaced once', async () => {
    const { http, issuer } = await setUp()
    await firstValueFrom(http.get('/first'))
    issuer.revoke()
    const numbers = Array.from({ length: 50 }, (_, n) => n)
    const answers = await firstValueFrom(
      from(numbers).pipe(
        mergeMap((n) => http.put(`/things/${n}`, { n }), 8),
        toArray(),
      ),
    )
    expect(answers.map(({ data }) => data.ok)).toEqual(numbers.map(() => true))
    expect(issuer.calls).toBe(2)
  })

  test('catchError sees our error when no token can be had, and nothing was sent', async () => {
    const { http, server } = await setUp(() => Promise.reject(new Error('issuer down')))
    const seen = await firstValueFrom(http.get('/things').pipe(catchError((error: unknown) => of(error))))
    expect(seen).toBeInstanceOf(AuthError)
    expect(seen).toMatchObject({ code: 'ERR_AUTH_TOKEN_REQUEST', config: { url: '/things' } })
    expect(server.requests).toHaveLength(0)
  })

  test('catchError sees the error of axios when the API refuses every token, without credentials', async () => {
    const { http, server } = await setUp(async () => 'fake-wrong')
    const seen = (await firstValueFrom(
      http.get('/things').pipe(catchError((error: unknown) => of(error))),
    )) as AxiosError
    expect([seen.isAxiosError, seen.response?.status, server.requests.length]).toEqual([true, 401, 2])
    expect(traces(seen, ['fake-wrong'])).toEqual([])
  })

  test('a response shows no token', async () => {
    const { http } = await setUp()
    expect(traces(await firstValueFrom(http.get('/things')), ['fake-token'])).toEqual([])
  })

  test('the retry of rxjs makes a new request each time: our error is tried again, and each may be replayed', async () => {
    let calls = 0
    const { http } = await setUp(async () => {
      calls += 1
      if (calls === 1) throw new Error('issuer down')
      return 'fake-wrong'
    })
    const lasting = http.get('/things').pipe(retry(2))
    await expect(firstValueFrom(lasting)).rejects.toMatchObject({ response: { status: 401 } })
    // The failed fetch; a token and its replacement; the third try finds that one held, and replaces it.
    expect(calls).toBe(1 + 2 + 1)
  })

  test('whoever unsubscribes while the token is fetched sends nothing, and the others get it', async () => {
    const asked = deferred()
    const answer = deferred()
    let calls = 0
    const issuer = tokenSeries()
    const server = await startProtectedApi({ isValid: issuer.isValid })
    const app = await startNest([
      apiModule(server.url, async () => {
        calls += 1
        asked.resolve()
        await answer.promise
        return issuer.fetch()
      }),
    ])
    const http = app.get<HttpService>('API')
    const seen: unknown[] = []
    const note = (what: unknown): number => seen.push(what)
    const leaving = http.get('/left').subscribe({ next: note, error: note, complete: () => note('complete') })
    const staying = firstValueFrom(http.get('/stayed'))
    await asked.promise
    leaving.unsubscribe()
    answer.resolve()
    expect((await staying).status).toBe(200)
    expect([seen, calls, server.requests.map(({ url }) => url)]).toEqual([[], 1, ['/stayed']])
  })
})

describe('modules of a Nest application', () => {
  /** An issuer that knows its client, and an API that tells which token came. */
  async function servers() {
    const issuer = await startServer((request, response) => {
      const isKnown = request.headers.authorization === `Basic ${btoa('fake-id:fake-secret')}`
      response
        .writeHead(isKnown ? 200 : 401, { 'content-type': 'application/json' })
        .end(JSON.stringify(isKnown ? { access_token: 'fake-token', token_type: 'Bearer' } : {}))
    })
    const api = await startServer((request, response) => response.end(`${request.headers.authorization}`))
    return { issuer, api }
  }

  const source = {
    provide: 'TOKENS',
    useFactory: (http: HttpService) => {
      http.axiosRef.interceptors.request.use(basicAuth({ username: 'fake-id', password: 'fake-secret' }))
      return tokenSource(clientCredentials(http.axiosRef, { url: '/token' }))
    },
    inject: [HttpService],
  }

  test('the issuer has an HttpModule of its own, and two APIs share its token source', async () => {
    const { issuer, api } = await servers()
    const issuerModule: DynamicModule = {
      module: class IssuerModule {},
      imports: [HttpModule.register({ baseURL: issuer.url })],
      providers: [source],
      exports: ['TOKENS'],
    }
    const user = (name: string): DynamicModule => ({
      module: class UserModule {},
      imports: [issuerModule, HttpModule.registerAsync({ useFactory: () => ({ baseURL: api.url }) })],
      providers: [
        {
          provide: name,
          useFactory: (http: HttpService, tokens: TokenSource) => {
            http.axiosRef.interceptors.request.use(bearerAuth(tokens))
            return http
          },
          inject: [HttpService, 'TOKENS'],
        },
      ],
      exports: [name],
    })
    const app = await startNest([user('ORDERS'), user('STOCK')])
    const answers = await firstValueFrom(
      forkJoin([app.get<HttpService>('ORDERS').get('/orders'), app.get<HttpService>('STOCK').get('/stock')]),
    )
    expect(answers.map(({ data }) => data)).toEqual(['Bearer fake-token', 'Bearer fake-token'])
    expect(issuer.requests).toHaveLength(1)
  })

  test('an HttpModule that was registered without our interceptor sends no credentials', async () => {
    const { api } = await servers()
    const app = await startNest(
      [apiModule(api.url, 'fake-token'), HttpModule.register({ baseURL: api.url })],
      [{ provide: 'PLAIN', useFactory: (http: HttpService) => http, inject: [HttpService] }],
    )
    expect((await firstValueFrom(app.get<HttpService>('API').get('/'))).data).toBe('Bearer fake-token')
    expect((await firstValueFrom(app.get<HttpService>('PLAIN').get('/'))).data).toBe('undefined')
  })
})
