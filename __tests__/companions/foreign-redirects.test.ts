/** Redirects that only we can keep the credentials from: of the fetch adapter, and of older versions of axios. */
import axios, { type AxiosRequestConfig } from 'axios'
import { apiKeyAuth } from '#lib'
import { startServer } from '../support/servers'

describe.each(['http', 'fetch'])('over the %s adapter', (adapter) => {
  /** An API that redirects to another origin. */
  async function redirecting(config: AxiosRequestConfig = {}, status = 302) {
    const elsewhere = await startServer((_, response) => response.end('elsewhere'))
    const server = await startServer((_, response) =>
      response.writeHead(status, { location: `${elsewhere.url}/there` }).end(),
    )
    const api = axios.create({ baseURL: server.url, adapter, ...config })
    api.interceptors.request.use(apiKeyAuth({ name: 'X-API-Key', value: 'fake-key' }))
    const leaked = () => elsewhere.requests.map(({ headers }) => headers['x-api-key']).filter(Boolean)
    return { api, leaked, elsewhere }
  }

  // The fetch adapter knows `maxRedirects` since axios 1.20.
  test('maxRedirects 0 is obeyed, and the API key goes nowhere else', async () => {
    const { api, leaked, elsewhere } = await redirecting({ maxRedirects: 0 })
    const answer: unknown = await api.get('/things').catch((error: unknown) => error)
    expect(leaked()).toEqual([])
    expect(answer).toMatchObject({ response: { status: 302 } })
    expect(elsewhere.requests).toHaveLength(0)
  })

  test.each<[string, AxiosRequestConfig]>([
    ['nothing', {}],
    ['a beforeRedirect of its own', { beforeRedirect: () => undefined }],
    ['sensitiveHeaders of its own', { sensitiveHeaders: ['X-Other'] } as AxiosRequestConfig],
  ])('a redirect to another origin gets no API key, where the config has %s', async (_, config) => {
    const { api, leaked } = await redirecting(config)
    expect((await api.get('/things')).data).toBe('elsewhere')
    expect(leaked()).toEqual([])
  })

  test('a redirect of a request whose body is a stream gets none, either', async () => {
    // 303: the next request is a GET. Any other redirect of a stream fetch takes for a network error.
    const { api, leaked } = await redirecting({}, 303)
    const body = adapter === 'fetch' ? new Blob(['some bytes']).stream() : 'some bytes'
    await api.post('/things', body).catch(() => undefined)
    expect(leaked()).toEqual([])
  })
})
