import http from 'node:http'
import axios from 'axios'
import { BARE, CONTESTANTS } from '../contestants.mjs'
import { API_URL, issuerOf, readyAdapter } from '../emulation.mjs'

// One contestant and bare axios. Each time it is asked it measures both and answers with microseconds for a request.
const [, , name, concurrency, block, loopback] = process.argv

const setting = loopback
  ? { baseURL: loopback, httpAgent: new http.Agent({ keepAlive: true }), proxy: /** @type {const} */ (false) }
  : { baseURL: API_URL, adapter: readyAdapter }

/** @param {import('../contestants.mjs').Contestant} contestant */
async function ready({ wire }) {
  const send = await wire({ api: axios.create(setting), issuer: issuerOf(), isLoggedIn: true })
  const { status } = await send()
  if (status !== 200) throw new Error(`${name} got ${status}`)
  return send
}

/** @param {() => Promise<unknown>} send */
async function timeOf(send) {
  // Nobody pays for the garbage of the other.
  globalThis.gc?.({ type: 'minor' })
  let left = Number(block)
  const caller = async () => {
    while (left-- > 0) await send()
  }
  const begun = performance.now()
  await (concurrency === '1' ? caller() : Promise.all(Array.from({ length: Number(concurrency) }, caller)))
  return ((performance.now() - begun) * 1000) / Number(block)
}

const limit = await ready(BARE)
const contestant = await ready(CONTESTANTS.find((one) => one.name === name) ?? BARE)

process.on('message', async (isBareFirst) => {
  if (isBareFirst) process.send?.({ bare: await timeOf(limit), own: await timeOf(contestant) })
  else {
    const own = await timeOf(contestant)
    process.send?.({ bare: await timeOf(limit), own })
  }
})
process.on('disconnect', () => process.exit())
process.send?.('ready')
