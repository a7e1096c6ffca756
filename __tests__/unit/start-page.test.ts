import { join } from 'node:path'
import axios, { type AxiosInstance } from 'axios'
import MockAdapter from 'axios-mock-adapter'
import { basicAuth, bearerAuth, clientCredentials } from '#lib'
import { readMarkdown } from './markdown'

const page = readMarkdown(join(__dirname, '../../docs/start.md'))
const shown = page.blocks.filter(({ language }) => language === 'text').map(({ code }) => code)

/** What the function that makes an interceptor says of an option. */
function refusalOf(password: string | undefined): string {
  try {
    basicAuth({ username: 'user@example.com', password: password as string })
    return ''
  } catch (error) {
    return (error as Error).message
  }
}

/** What a request says that gets no token. */
async function failureOf(api: AxiosInstance, url = '/reports'): Promise<string> {
  try {
    await api.get(url)
    return ''
  } catch (error) {
    return (error as Error).message
  }
}

function apiWith(token: Parameters<typeof bearerAuth>[0], baseURL?: string): AxiosInstance {
  const api = axios.create(baseURL === undefined ? {} : { baseURL })
  api.interceptors.request.use(bearerAuth(token))
  return api
}

function issuerThatAnswers(status: number, body: object): AxiosInstance {
  const issuer = axios.create({ baseURL: 'https://login.example.com' })
  new MockAdapter(issuer).onPost('/oauth2/token').reply(status, body)
  return issuer
}

const apiOf = (issuer: AxiosInstance): AxiosInstance =>
  apiWith(clientCredentials(issuer, { url: '/oauth2/token' }), 'https://api.example.com')

async function waitForItself(): Promise<string> {
  const api: AxiosInstance = apiWith(async () => (await api.post('/token')).data, 'https://api.example.com')
  const failure = failureOf(api)
  await jest.advanceTimersByTimeAsync(30_000)
  return failure
}

describe('docs/start.md', () => {
  afterEach(() => {
    jest.useRealTimers()
  })

  it('shows what goes wrong first in the very words of the library', async () => {
    jest.useFakeTimers()
    const unknown = { error: 'invalid_client', error_description: 'unknown client' }
    expect(shown).toEqual([
      refusalOf(undefined),
      refusalOf('fake-secret\n'),
      await failureOf(apiWith('fake-token'), 'https://api.example.com/reports'),
      await failureOf(apiWith('fake-token', 'http://api.example.com')),
      await failureOf(apiOf(issuerThatAnswers(401, unknown))),
      await failureOf(apiOf(issuerThatAnswers(200, { token: 'fake-token' }))),
      await waitForItself(),
    ])
  })
})
