import axios from 'axios'
import { startAuthorizationServer } from '../../__tests__/servers/authorization-server.mjs'
import { gate } from '../../__tests__/servers/deferred.mjs'
import { startProtectedApi, startServer } from '../../__tests__/servers/protected-api.mjs'
import { narrate } from './narration.mjs'

/** @typedef {Awaited<ReturnType<typeof setStage>>} Stage */

/** Real servers on loopback that count for themselves, and an axios instance that `install` gives to the library. */
export async function setStage({ install, tokenLife, note }) {
  const onTokenRequest = () => note('issuer', 'is asked for a token')
  const issuer = await startAuthorizationServer({ tokenLife, onTokenRequest })

  const stranger = await startServer(({ headers, url }, response) => {
    note('stranger', `gets ${url} ${headers.authorization ? 'WITH' : 'without'} an Authorization header`)
    response.end('anything for me?')
  })

  /** What the API answered, in its own records. @type {{ url: string, token?: string, status: number }[]} */
  const answers = []
  /** Every token that the API was shown: the first is #1, as the library counts. @type {Set<string>} */
  const tokens = new Set()
  /** @param {string} url @param {string | undefined} token @param {number} status */
  function record(url, token, status) {
    answers.push({ url, token, status })
    if (token) tokens.add(token)
    note('API', `answers ${status} to ${token ? `token #${[...tokens].indexOf(token) + 1}` : 'no token'}`)
  }
  const slow = gate()
  const api = await startProtectedApi({
    async isValid(token, { url = '' }) {
      if (url === '/slow-report') await slow.pass()
      const isValid = await issuer.accepts(token)
      record(url, token, isValid ? 200 : 401)
      return isValid
    },
  })
  api.respond(({ url, headers }, response) => {
    if (url !== '/moved') return false
    record(url, headers.authorization?.split(' ')[1], 302)
    response.writeHead(302, { location: `${stranger.url}/landing` }).end()
    return true
  })

  const client = axios.create({ baseURL: api.url })
  const { clientId: username, clientSecret: password } = issuer.clients.basic
  install(axios.create({ baseURL: issuer.url }), client, { username, password }, (event) =>
    note('library', narrate(event)),
  )

  return {
    client,
    issuer,
    stranger,
    /** Holds the API's slow report while it is closed. */
    slow,
    tokens: () => [...tokens],
    /** Everything that is nobody else's business. */
    secrets: () => [...tokens, password, Buffer.from(`${username}:${password}`).toString('base64')],
    /** In seconds. */
    tokenLife,
    /** Counts from now on: what it gives tells what the servers have seen since. */
    count() {
      const before = { calls: issuer.tokenRequests, answers: answers.length }
      return () => {
        const since = answers.slice(before.answers)
        const urls = (/** @type {number} */ wanted) =>
          since.filter(({ status }) => status === wanted).map(({ url }) => url)
        return {
          answers: since,
          tokenCalls: issuer.tokenRequests - before.calls,
          refused: urls(401).length,
          /** Of the request that was refused most often. */
          mostRefusals: Math.max(
            0,
            ...urls(401).map((url, _, all) => all.filter((other) => other === url).length),
          ),
          served: new Set(urls(200)).size,
        }
      }
    },
    close: () => Promise.all([issuer, api, stranger].map((server) => server.close())),
  }
}
