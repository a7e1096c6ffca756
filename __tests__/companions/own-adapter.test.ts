/** Adapters of a user's own that hand a copy of their config on: to one of axios's, or to another instance. */
import axios, { type AxiosAdapter } from 'axios'
import axiosRetry from 'axios-retry'
import { bearerAuth } from '#lib'
import { startServer } from '../support/servers'
import { tokenSeries } from '../support/token-series'
import { traces } from '../support/traces'

const adapters: [string, AxiosAdapter][] = [
  ['gives a copy to the http adapter', (config) => axios.getAdapter('http')({ ...config })],
  ['gives a copy to the fetch adapter', (config) => axios.getAdapter('fetch')({ ...config })],
  [
    'sends through an instance of its own',
    (config) => axios.create().request({ ...config, adapter: 'http' }),
  ],
]

describe.each(adapters)('an adapter that %s', (_, adapter) => {
  async function answering(...statuses: number[]) {
    const issuer = tokenSeries()
    const server = await startServer((_, response) => response.writeHead(statuses.shift() ?? 500).end())
    const api = axios.create({ baseURL: server.url, adapter })
    api.interceptors.request.use(bearerAuth(issuer.fetch))
    const sent = () => server.requests.map(({ headers }) => headers.authorization)
    return { api, issuer, server, sent }
  }

  test('has its requests replayed', async () => {
    const { api, sent } = await answering(401, 200)
    await api.get('/things')
    expect(sent()).toEqual(['Bearer fake-token-1', 'Bearer fake-token-2'])
  })

  test('brings responses and errors without credentials', async () => {
    const { api, server } = await answering(200, 404)
    const response = await api.get('/things')
    const refused: unknown = await api.get('/things').catch((error: unknown) => error)
    await server.close()
    const broken: unknown = await api.get('/things').catch((error: unknown) => error)
    expect([refused, broken]).toEqual([expect.any(Error), expect.any(Error)])
    expect(traces([response, refused, broken], ['fake-token'])).toEqual([])
  })

  test('lets a plugin send error.config again with the token of that time, and replay it', async () => {
    const { api, sent } = await answering(503, 401, 200)
    axiosRetry(api, { retries: 3, retryDelay: () => 0 })
    expect((await api.get('/things')).status).toBe(200)
    expect(sent()).toEqual(['Bearer fake-token-1', 'Bearer fake-token-1', 'Bearer fake-token-2'])
  })

  test('gets each retry of error.config, too', async () => {
    let calls = 0
    const { api } = await answering(503, 200)
    api.defaults.adapter = (config) => {
      calls += 1
      return adapter(config)
    }
    axiosRetry(api, { retries: 3, retryDelay: () => 0 })
    await api.get('/things')
    expect(calls).toBe(2)
  })
})
