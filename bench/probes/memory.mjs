import axios from 'axios'
import { bearerAuth, tokenSource } from '../../dist/index.js'
import * as bare from '../contestants/bare.mjs'
import * as ours from '../contestants/ours.mjs'
import { API_URL, issuerOf, readyAdapter } from '../emulation.mjs'

const [, , name, most] = process.argv
const count = Number(most)

const api = axios.create({ baseURL: API_URL, adapter: readyAdapter })
const setting = { api, issuer: issuerOf(), isLoggedIn: true }
let requests = 0

const SENDS = {
  'bare axios': () => bare.wire(setting),
  'this library': () => ours.wire(setting),
  'this library, a token for each of them': async () => {
    const source = tokenSource(
      async (/** @type {{ key: string }} */ { key }) => ({
        access_token: `token-of-${key}`,
        expires_in: 3600,
      }),
      { key: ({ url }) => url ?? '' },
    )
    api.interceptors.request.use(bearerAuth(source))
    return () => api.get(`/tenants/${requests}`)
  },
}

function heap() {
  globalThis.gc?.()
  return process.memoryUsage().heapUsed
}

const send = await SENDS[/** @type {keyof typeof SENDS} */ (name)]()
async function sendUntil(/** @type {number} */ end) {
  for (; requests < end; requests++) await send()
  // What is queued behind the last answer shall not count.
  await new Promise((resolve) => setTimeout(resolve, 50))
  return heap()
}
// Not earlier: by then the engine has compiled what it will.
const early = await sendUntil(count / 5)
const late = await sendUntil(count)
console.log(JSON.stringify({ early, late, count }))
