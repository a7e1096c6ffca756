import axios from 'axios'
import { startAuthorizationServer } from '../../__tests__/servers/authorization-server.mjs'
import { gate } from '../../__tests__/servers/deferred.mjs'
import { startProtectedApi, startServer } from '../../__tests__/servers/protected-api.mjs'
import { narrate } from './narration.mjs'

/** Real servers on loopback, and an axios instance that uses the library. The servers count for themselves. */
export async function setStage({ install, tokenLife, note }) {
  const issuer = await startAuthorizationServer({
    tokenLife,
    onTokenRequest: () => note('issuer', 'is asked for a token'),
  })
  const stranger = await startServer(({ headers, url }, response) => {
    note('stranger', `gets ${url}, ${headers.authorization ? 'WITH' : 'without'} a credential`)
    response.end('what have you got for me?')
  })

  /** What the API answered: its own record. @type {{ url: string, token: string, status: number }[]} */
  const answers = []
  const tokens = new Set()
  const slow = gate()
  const api = await startProtectedApi({
    async isValid(token = 'none', { url = '' }) {
      if (url === '/slow-report') await slow.pass()
      const valid = await issuer.accepts(token)
      tokens.add(token)
      const status = valid ? 200 : 401
      answers.push({ url, token, status })
      note('API', `${status} for token #${[...tokens].indexOf(token) + 1}`)
      return valid
    },
  })
  api.respond((request, response) => {
    if (request.url !== '/moved') return false
    answers.push({
      url: '/moved',
      token: request.headers.authorization?.split(' ')[1] ?? 'none',
      status: 302,
    })
    note('API', `302, go to ${stranger.url}/landing`)
    response.writeHead(302, { location: `${stranger.url}/landing` }).end()
    return true
  })

  const issuerClient = axios.create({ baseURL: issuer.url })
  const client = axios.create({ baseURL: api.url })
  const { clientId: username, clientSecret: password } = issuer.clients.basic
  let expiresAt = 0
  install(issuerClient, client, { username, password }, (event) => {
    if (event.type === 'fetched') expiresAt = event.expiresAt
    note('library', narrate(event))
  })

  return {
    client,
    issuer,
    stranger,
    slow,
    /** Every token that the API was shown, and the client's secret. */
    secrets: () => [...tokens, password, Buffer.from(`${username}:${password}`).toString('base64')],
    newestToken: () => [...tokens].at(-1),
    expiresAt: () => expiresAt,
    /** Starts to count; what it gives tells what the servers have seen since. */
    count() {
      const before = { calls: issuer.tokenRequests, answers: answers.length }
      return () => {
        const since = answers.slice(before.answers)
        const refused = since.filter(({ status }) => status === 401)
        return {
          tokenCalls: issuer.tokenRequests - before.calls,
          refused: refused.length,
          mostRefusals: Math.max(0, ...tally(refused.map(({ url }) => url)).values()),
          served: new Set(since.filter(({ status }) => status === 200).map(({ url }) => url)).size,
          answers: since,
        }
      }
    },
    close: () => Promise.all([issuer, api, stranger].map((server) => server.close())),
  }
}

/** @param {string[]} names */
function tally(names) {
  const counts = new Map()
  for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1)
  return counts
}
