import MockAdapter from 'axios-mock-adapter'
import { visibility } from './visibility'

function setUp() {
  const { issuer, api, inspect } = visibility('https://visibility.example.com', 'fake-id', 'fake-secret')
  const issuerMock = new MockAdapter(issuer)
  let tokens = 0
  issuerMock.onPost('/oauth2/token').reply(() => {
    tokens += 1
    return [200, { access_token: `fake-token-${tokens}`, token_type: 'Bearer', expires_in: 600 }]
  })
  const apiMock = new MockAdapter(api)
  return { issuerMock, apiMock, inspect }
}

test('what was found is named', async () => {
  const { issuerMock, apiMock, inspect } = setUp()
  apiMock.onPost('/inspect', { content: 'example.com' }).reply(200, [{ type: 'domain' }])
  expect(await inspect('example.com')).toEqual(['domain'])
  expect(issuerMock.history.post?.[0]?.headers?.Authorization).toBe(`Basic ${btoa('fake-id:fake-secret')}`)
})

test('a token that the API refuses is replaced, and nobody notices', async () => {
  const { apiMock, inspect } = setUp()
  apiMock
    .onPost('/inspect')
    .replyOnce(401)
    .onPost('/inspect')
    .reply(200, [{ type: 'domain' }])
  expect(await inspect('example.com')).toEqual(['domain'])
  expect(apiMock.history.post?.map(({ headers }) => headers?.Authorization)).toEqual([
    'Bearer fake-token-1',
    'Bearer fake-token-2',
  ])
})

test('a secret that the issuer does not know is an error of its own', async () => {
  const { issuerMock, apiMock, inspect } = setUp()
  issuerMock.reset()
  issuerMock.onPost('/oauth2/token').reply(401, { error: 'invalid_client' })
  await expect(inspect('example.com')).rejects.toMatchObject({
    code: 'ERR_AUTH_TOKEN_REQUEST',
    error: 'invalid_client',
  })
  expect(apiMock.history).toHaveLength(0)
})
