import axios from 'axios'
import { basicAuth, bearerAuth, clientCredentials } from 'axios-auth-interceptors'

/** @typedef {import('./scene.mjs').Scene} Scene */
/** @typedef {{ api: import('axios').AxiosInstance }} Program what incoming requests are served with */

/** @type {Program} */
let program

/** @param {Program} chosen */
export function serveWith(chosen) {
  program = chosen
}

/**
 * Answers an incoming request with what the API says. `/begin` begins such a request and does not wait for it.
 *
 * @param {string} path
 */
export async function serve(path) {
  const answer = program.api.get(path).then(
    ({ data }) => Response.json(data),
    (error) => new Response(`${error} ${error.cause}`, { status: 502 }),
  )
  return path === '/begin' ? new Response('begun') : answer
}

/** What is made when the Worker is loaded. There nothing can be fetched, and no timer be set. */
export const early = makeEarly()

function makeEarly() {
  /** @type {Scene['clients']['basic']} */
  let client
  const issuer = axios.create({ adapter: 'fetch' })
  issuer.interceptors.request.use(
    basicAuth({ username: () => client.clientId, password: () => client.clientSecret }),
  )
  const api = axios.create({ adapter: 'fetch' })
  api.interceptors.request.use(bearerAuth(clientCredentials(issuer, { url: '/token' })))
  return {
    api,
    /** @param {Scene} scene */
    enter({ issuerUrl, apiUrl, clients }) {
      client = clients.basic
      issuer.defaults.baseURL = issuerUrl
      api.defaults.baseURL = apiUrl
    },
  }
}
