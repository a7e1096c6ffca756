import axios from 'axios'
import { bearerAuth, tokenSource } from '../../dist/index.js'
import { BARE, CONTESTANTS } from '../contestants.mjs'
import { API_URL, apiOf, issuerOf } from '../emulation.mjs'
import { interleaved, median } from '../rounds.mjs'

const CALLERS = 10_000
const LIFE = 3600

/** @typedef {{ milliseconds: number, tokenCalls: number, requests: number, served: number, failed: number }} Storm */
/** @typedef {import('../contestants.mjs').Contestant} Contestant */

/** 10,000 requests at once: the first ones, or all with a token that was revoked. @param {{ isQuick: boolean }} plan */
export async function storms({ isQuick }) {
  const rounds = isQuick ? 2 : 9
  return {
    firstRequests: await stormsOf(rounds, { isRefused: false, spread: 0 }),
    refusals: await stormsOf(rounds, { isRefused: true, spread: 0 }),
    spreadRefusals: await stormsOf(rounds, { isRefused: true, spread: 100 }),
  }
}

/** @typedef {{ isRefused: boolean, spread: number }} Weather */

/** @param {number} rounds @param {Weather} weather */
async function stormsOf(rounds, weather) {
  const all = [BARE, ...CONTESTANTS].filter(({ noReplay }) => !(weather.isRefused && noReplay))
  const figures = await interleaved(
    Object.fromEntries(all.map((contestant) => [contestant.name, () => storm(contestant, weather)])),
    { rounds },
  )
  /** @type {Record<string, Storm>} */
  const storms = {}
  for (const [name, rounds] of Object.entries(figures)) {
    const middle = (/** @type {keyof Storm} */ field) => median(rounds.map((round) => round[field]))
    storms[name] = {
      milliseconds: middle('milliseconds'),
      tokenCalls: middle('tokenCalls'),
      requests: middle('requests'),
      served: middle('served'),
      failed: middle('failed'),
    }
  }
  return storms
}

/** @param {Contestant} contestant @param {Weather} weather @returns {Promise<Storm>} */
async function storm({ wire }, { isRefused, spread }) {
  const issuer = issuerOf()
  const { adapter, fetch } = apiOf(issuer, spread)
  let requests = 0
  const send = await wire({
    api: axios.create({
      baseURL: API_URL,
      adapter: (config) => {
        requests += 1
        return adapter(config)
      },
    }),
    issuer,
    fetchApi: (request) => {
      requests += 1
      return fetch(request)
    },
    isLoggedIn: isRefused,
  })
  if (isRefused) {
    await send()
    issuer.revokeAll()
  }
  const before = { calls: issuer.calls(), requests }
  const begun = performance.now()
  const ends = await Promise.allSettled(Array.from({ length: CALLERS }, send))
  const milliseconds = performance.now() - begun
  const served = ends.filter((end) => end.status === 'fulfilled' && end.value.status === 200).length
  return {
    milliseconds,
    tokenCalls: issuer.calls() - before.calls,
    requests: requests - before.requests,
    served,
    failed: CALLERS - served,
  }
}

/** How many of 10,000 requests wait for the token call when a renewal is due and the token is still valid? Ours only. */
export async function renewal() {
  let time = Date.now()
  let calls = 0
  /** @type {(() => void) | undefined} */
  let release
  const source = tokenSource(
    async () => {
      calls += 1
      if (calls > 1) await new Promise((resolve) => (release = () => resolve(undefined)))
      return { access_token: `token-${calls}`, expires_in: LIFE }
    },
    { now: () => time },
  )
  let sent = 0
  const api = axios.create({
    baseURL: API_URL,
    adapter: async (config) => {
      sent += 1
      return { data: '', status: 200, statusText: 'OK', headers: {}, config }
    },
  })
  api.interceptors.request.use(bearerAuth(source))
  await api.get('/things')
  time += (LIFE - 60) * 1000

  const requests = Array.from({ length: CALLERS }, () => api.get('/things'))
  await new Promise((resolve) => setTimeout(resolve, 1000))
  const waited = 1 + CALLERS - sent
  release?.()
  await Promise.all(requests)
  return { waited, tokenCalls: calls - 1 }
}
