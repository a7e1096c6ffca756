import { setTimeout as sleep } from 'node:timers/promises'

const HUNDRED = Array.from({ length: 100 }, (_, n) => `/orders/${n + 1}`)

/** How many callers got an error. @param {Promise<unknown>[]} requests */
async function failures(requests) {
  const outcomes = await Promise.allSettled(requests)
  return outcomes.filter(({ status }) => status === 'rejected').length
}

/** Each act gives what the servers counted while it ran. */
export const acts = [
  {
    title: '100 requests at once, and no token yet',
    async play({ client, count }, { note, check }) {
      const counted = count()
      note('you', 'send 100 requests at once')
      const failed = await failures(HUNDRED.map((url) => client.get(url)))
      const seen = counted()
      check('token calls', seen.tokenCalls, 1)
      check('requests served', seen.served, 100)
      check('401s', seen.refused, 0)
      check('errors that you got', failed, 0)
      return seen
    },
  },
  {
    title: 'The token expires',
    async play({ client, count, issuer, newestToken, expiresAt }, { note, flush, check }) {
      const old = newestToken()
      note('you', 'do nothing until it has expired')
      flush()
      await sleep(expiresAt() - Date.now() + 50)
      const { active } = await issuer.introspect(old)
      const counted = count()
      note('you', 'send 100 requests at once')
      const failed = await failures(HUNDRED.map((url) => client.get(url)))
      const seen = counted()
      check('the old token, says the issuer', active ? 'active' : 'expired', 'expired')
      check('token calls', seen.tokenCalls, 1)
      check('requests served', seen.served, 100)
      check('401s: it was renewed before it was sent', seen.refused, 0)
      check('errors that you got', failed, 0)
      return seen
    },
  },
  {
    title: 'All tokens are revoked, and nobody tells the client',
    async play({ client, count, issuer }, { note, check }) {
      const counted = count()
      await issuer.revokeAll()
      note('issuer', 'revokes all tokens')
      note('you', 'send 100 requests at once')
      const failed = await failures(HUNDRED.map((url, n) => client.post(url, { n })))
      const seen = counted()
      check('token calls', seen.tokenCalls, 1)
      check('401s of the most refused request', seen.mostRefusals, { atMost: 1 })
      check('requests served', seen.served, 100)
      check('errors that you got', failed, 0)
      return seen
    },
  },
  {
    title: 'A straggler: its 401 comes when the next token is already there',
    async play({ client, count, issuer, slow }, { note, check }) {
      const counted = count()
      slow.close()
      note('you', 'ask for a slow report')
      const report = client.get('/slow-report')
      await slow.held()
      await issuer.revokeAll()
      note('issuer', 'revokes all tokens')
      note('you', 'send a quick request meanwhile')
      const quick = await failures([client.get('/quick')])
      const before = counted()
      const countedLater = count()
      note('API', 'gets to the slow report, with the token of back then')
      slow.open()
      const late = await failures([report])
      const after = countedLater()
      check('token calls for the quick request', before.tokenCalls, 1)
      check('401s of the slow report', after.refused, 1)
      check('token calls for the slow report', after.tokenCalls, 0)
      check('slow reports served', after.served, 1)
      check('errors that you got', quick + late, 0)
      return counted()
    },
  },
  {
    title: 'A stranger: another origin',
    async play({ client, count, stranger, secrets }, { note, check }) {
      const counted = count()
      note('you', 'ask for an absolute URL of the stranger')
      const direct = await failures([client.get(`${stranger.url}/direct`)])
      note('you', 'ask the API, which redirects to the stranger')
      const redirected = await failures([client.get('/moved')])
      const seen = counted()
      const leaks = stranger.requests.filter((request) => holdsAny(request, secrets()))
      const authenticated = seen.answers.filter(
        ({ url, token }) => url === '/moved' && secrets().includes(token),
      )
      check('requests that reached the stranger', stranger.requests.length, 2)
      check('of these with a token, a secret, any credential', leaks.length, 0)
      check('redirected requests that had a token at the API', authenticated.length, 1)
      check('errors that you got', direct + redirected, 0)
      return seen
    },
  },
]

/** @param {import('../../__tests__/servers/http-server.mjs').RecordedRequest} request @param {string[]} secrets */
function holdsAny({ url, headers, body }, secrets) {
  const text = JSON.stringify([url, headers, body.toString()])
  return 'authorization' in headers || 'cookie' in headers || secrets.some((secret) => text.includes(secret))
}
