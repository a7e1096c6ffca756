import { connect } from '../../examples/recipes/credentials-by-origin'
import { startAuthorizationServer, startServer } from '../support/servers'

async function setUp() {
  const issuer = await startAuthorizationServer()
  const servers = await Promise.all(
    Array.from({ length: 4 }, () =>
      startServer(({ url = '' }, response) => {
        const location = /^\/to\?(.+)$/.exec(url)?.[1]
        return location ? response.writeHead(302, { location }).end() : response.end('{}')
      }),
    ),
  )
  const [reports = '', maps = '', tickets = '', stranger = ''] = servers.map(({ url }) => url)
  const { clientId, clientSecret } = issuer.clients.basic
  const client = connect(
    { issuerUrl: issuer.url, clientId, clientSecret, mapsKey: 'fake-key', ticketsPassword: 'fake-password' },
    reports,
    maps,
    tickets,
  )
  const received = () =>
    servers.map(({ requests }) =>
      requests.map(({ headers }) =>
        ['authorization', 'x-api-key'].flatMap((name) =>
          headers[name] ? [`${name}: ${headers[name]}`] : [],
        ),
      ),
    )
  return { client, issuer, urls: { reports, maps, tickets, stranger }, received }
}

const BASIC = `authorization: Basic ${btoa('robot:fake-password')}`

test('each origin gets the credentials that are meant for it, and a stranger none', async () => {
  const { client, urls, received } = await setUp()
  await Promise.all(Object.values(urls).map((url) => client.get(`${url}/things`)))
  expect(received()).toEqual([
    [[expect.stringMatching(/^authorization: Bearer [\w-]+$/)]],
    [['x-api-key: fake-key']],
    [[BASIC]],
    [[]],
  ])
})

test('no token is fetched for an origin that wants none', async () => {
  const { client, issuer, urls } = await setUp()
  await client.get(`${urls.maps}/things`)
  await client.get(`${urls.stranger}/things`)
  expect(issuer.tokenRequests).toBe(0)
})

test('a redirect from one to another, or to a stranger, takes no credentials along', async () => {
  const { client, urls, received } = await setUp()
  await client.get(`${urls.maps}/to?${urls.tickets}/things`)
  await client.get(`${urls.maps}/to?${urls.stranger}/things`)
  const [, maps, tickets, stranger] = received()
  expect(maps).toEqual([['x-api-key: fake-key'], ['x-api-key: fake-key']])
  expect([tickets, stranger]).toEqual([[[]], [[]]])
})
