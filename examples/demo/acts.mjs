import { setTimeout as sleep } from 'node:timers/promises'

/** @typedef {import('./stage.mjs').Stage} Stage */
/** @typedef {(label: string, figure: number, expected: number | { atMost: number }) => void} Check */
/** @typedef {ReturnType<typeof import('./timeline.mjs').createTimeline> & { check: Check }} Telling */
/** @typedef {{ tokenCalls: number, refused: number, served: number, errors: number }} Sum */
/** @typedef {{ name: string, title: string, play: (stage: Stage, telling: Telling) => Promise<Sum> }} Act */

const ORDERS = Array.from({ length: 100 }, (_, n) => `/orders/${n + 1}`)

/** How many of these requests ended in an error for who sent them. @param {Promise<unknown>[]} requests */
async function errorsOf(requests) {
  const outcomes = await Promise.allSettled(requests)
  return outcomes.filter(({ status }) => status === 'rejected').length
}

/** @type {Act[]} */
export const acts = [
  {
    name: 'first requests',
    title: 'You send 100 requests at once, and there is no token yet',
    async play({ client, count }, { note, check }) {
      const counted = count()
      note('you', 'send 100 requests at once')
      const errors = await errorsOf(ORDERS.map((url) => client.get(url)))
      const seen = counted()
      check('token calls', seen.tokenCalls, 1)
      check('requests served', seen.served, 100)
      check('refusals (401)', seen.refused, 0)
      check('errors for you', errors, 0)
      return { ...seen, errors }
    },
  },
  {
    name: 'expiry',
    title: 'The token expires',
    async play({ client, count, issuer, tokens, tokenLife }, { note, flush, check }) {
      const [expired = ''] = tokens().slice(-1)
      note('you', 'wait until it has expired')
      flush()
      await sleep(tokenLife * 1000 + 50)
      const { active } = await issuer.introspect(expired)
      const counted = count()
      note('you', 'send 100 requests at once')
      const errors = await errorsOf(ORDERS.map((url) => client.get(url)))
      const seen = counted()
      check('old tokens still good, says the issuer', Number(active), 0)
      check('token calls', seen.tokenCalls, 1)
      check('requests served', seen.served, 100)
      check('refusals (401): the old token was not sent', seen.refused, 0)
      check('errors for you', errors, 0)
      return { ...seen, errors }
    },
  },
  {
    name: 'revocation',
    title: 'The issuer revokes all tokens, which no client can know',
    async play({ client, count, issuer }, { note, check }) {
      const counted = count()
      await issuer.revokeAll()
      note('issuer', 'revokes all tokens')
      note('you', 'send 100 requests at once')
      const errors = await errorsOf(ORDERS.map((url, n) => client.post(url, { n })))
      const seen = counted()
      check('token calls', seen.tokenCalls, 1)
      check('refusals (401) of one request, at worst', seen.mostRefusals, { atMost: 1 })
      check('requests served', seen.served, 100)
      check('errors for you', errors, 0)
      return { ...seen, errors }
    },
  },
  {
    name: 'straggler',
    title: 'A straggler: the 401 for an old token comes when the next one is already held',
    async play({ client, count, issuer, slow }, { note, flush, check }) {
      const counted = count()
      slow.close()
      note('you', 'ask for a report, which is slow')
      const report = client.get('/slow-report')
      await slow.held()
      await issuer.revokeAll()
      note('issuer', 'revokes all tokens')
      note('you', 'send a quick request meanwhile')
      const quick = { errors: await errorsOf([client.get('/quick')]), ...counted() }
      flush()
      const countedLate = count()
      note('API', 'gets to the report')
      slow.open()
      const late = { errors: await errorsOf([report]), ...countedLate() }
      check('token calls for the quick request', quick.tokenCalls, 1)
      check('refusals (401) of the report', late.refused, 1)
      check('token calls for the report', late.tokenCalls, 0)
      check('reports served', late.served, 1)
      check('errors for you', quick.errors + late.errors, 0)
      return { ...counted(), errors: quick.errors + late.errors }
    },
  },
  {
    name: 'stranger',
    title: 'A stranger: requests that go, or are led, to another origin',
    async play({ client, count, stranger, secrets }, { note, flush, check }) {
      const counted = count()
      note('you', 'ask for an absolute URL of the stranger')
      const direct = await errorsOf([client.get(`${stranger.url}/direct`)])
      flush()
      note('you', 'ask the API for something that has moved to the stranger')
      const redirected = await errorsOf([client.get('/moved')])
      const seen = counted()
      const leaks = stranger.requests.filter((request) => holdsAny(request, secrets()))
      const carried = seen.answers.filter(({ url, token }) => url === '/moved' && token)
      check('requests that reached the stranger', stranger.requests.length, 2)
      check('of these with a token, a secret or a cookie', leaks.length, 0)
      check('redirected requests with a token at the API', carried.length, 1)
      check('errors for you', direct + redirected, 0)
      return { ...seen, served: stranger.requests.length, errors: direct + redirected }
    },
  },
]

/** @param {{ url: string, headers: object, body: Buffer }} request @param {string[]} secrets */
function holdsAny({ url, headers, body }, secrets) {
  const text = JSON.stringify([url, headers, body.toString()])
  return 'authorization' in headers || 'cookie' in headers || secrets.some((secret) => text.includes(secret))
}
