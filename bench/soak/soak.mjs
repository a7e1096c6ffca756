// npm run soak: many requests for minutes, with tokens of 5 s, revocations and outages. Does anything fail that should
// not, and does anything grow?
import { fork } from 'node:child_process'
import { getEventListeners, once, setMaxListeners } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { Agent } from 'node:http'
import { cpus } from 'node:os'
import { setTimeout as pause } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import axios from 'axios'
import { bearerAuth, clientCredentials, tokenSource } from '../../dist/index.js'
import { count, inMarkdown } from '../simulation/table.mjs'
import { ledgerOf } from './ledger.mjs'
import { SECOND, scheduleOf, TOKEN_LIFE } from './schedule.mjs'
import { tallyOf } from './tally.mjs'

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    rate: { type: 'string', default: '2000' },
    page: { type: 'boolean', default: false },
  },
})
const duration = Number(values.minutes) * 60 * SECOND
const rate = Number(values.rate)
const collect = globalThis.gc
if (!(duration > 0) || !(rate > 0) || !collect) {
  console.error('Usage: npm run soak -- [--minutes 10] [--rate 2000] [--page]')
  process.exit(1)
}

const WARM_UP = 10 * SECOND
const ROW = 10 * SECOND
const TICK = 10
const REQUEST_TIMEOUT = 5 * SECOND
const FETCH_TIMEOUT = 2 * SECOND
/** A machine that is too slow shall end in a lower rate, not in a queue: so many may wait for a socket. */
const MOST_QUEUED = 256
/** And so much of a second is made up for, after a halt. */
const MOST_MADE_UP = 0.1
/** What the heap may grow by: what the engine compiles and caches by the way. */
const HEAP_ROOM = 2 * 2 ** 20

const servers = fork(new URL('./servers.mjs', import.meta.url), { execArgv: [] })
const [{ urls }] = await once(servers, 'message')
const ledger = ledgerOf(FETCH_TIMEOUT)
let tally = tallyOf()
servers.on('message', ({ did, at, revokedUpTo }) => {
  if (did === 'revoke') ledger.revoked(revokedUpTo, at)
  else ledger.issuerIs(did === 'begin' ? 'up' : 'out', at)
})

const agents = [new Agent({ keepAlive: true }), new Agent({ keepAlive: true, maxSockets: 64 })]
const toIssuer = axios.create({ baseURL: urls[0], httpAgent: agents[0] })
const toApi = axios.create({ baseURL: urls[1], httpAgent: agents[1], timeout: REQUEST_TIMEOUT })
const grant = clientCredentials(toIssuer, { url: '/token', clientId: 'soak', clientSecret: 'fake-secret' })
const source = tokenSource(
  async (context) => {
    const asked = Date.now()
    tally.sum.tokenCalls += 1
    const response = await grant(context)
    const number = Number(response.access_token.split('-')[1])
    // Its life is counted from before it was asked for: that it lives a moment longer, nobody here can know.
    ledger.received({ number, from: Date.now(), until: asked + TOKEN_LIFE * SECOND })
    return response
  },
  { timeout: FETCH_TIMEOUT },
)
toApi.interceptors.request.use(bearerAuth(source))

// As a program has that can be told to stop: each request listens to it, and must no longer when it is over.
const { signal } = new AbortController()
setMaxListeners(0, signal)
let inFlight = 0
/** @type {{ from: number, to: number, code: string }[]} */
const failures = []

/** Word of a revocation may come after the 401 that it brought. @param {number} until */
function judge(until) {
  const isLate = failures.findIndex(({ to }) => to > until)
  const known = failures.splice(0, isLate < 0 ? failures.length : isLate)
  for (const { from, to, code } of known) tally.blames[ledger.blame(from, to, code)] += 1
}

async function request() {
  const [from, begun] = [Date.now(), performance.now()]
  inFlight += 1
  tally.sum.requests += 1
  try {
    if (tally.sum.requests % 10 === 0) await toApi.post('/things', { from }, { signal })
    else await toApi.get('/things', { signal })
    tally.served(performance.now() - begun)
  } catch (error) {
    const code = error.response ? String(error.response.status) : (error.code ?? error.name)
    tally.failed(code)
    failures.push({ from, to: Date.now(), code })
  } finally {
    inFlight -= 1
  }
}

/** As many requests as are due, whatever the answers do. @param {number} length */
async function send(length, onTick = (/** @type {number} */ _elapsed) => {}) {
  const begun = performance.now()
  let done = 0
  for (let elapsed = 0; elapsed < length; elapsed = performance.now() - begun) {
    onTick(elapsed)
    judge(Date.now() - SECOND)
    const due = Math.floor((elapsed / 1000) * rate) - done
    const queued = Object.values(agents[1].requests).reduce((sum, queue) => sum + (queue?.length ?? 0), 0)
    const now = Math.min(due, Math.max(0, MOST_QUEUED - queued), Math.ceil(MOST_MADE_UP * rate))
    for (let sent = 0; sent < now; sent += 1) request()
    tally.sum.notSent += due - now
    done += due
    await pause(TICK)
  }
  return performance.now() - begun
}

/** Of what is there when nothing is under way. */
async function atRest() {
  const deadline = performance.now() + 2 * REQUEST_TIMEOUT
  while (inFlight > 0 && performance.now() < deadline) await pause(TICK)
  // A renewal behind the requests may still run, and sockets need a moment to be free.
  await pause(FETCH_TIMEOUT + 500)
  judge(Date.now())
  collect()
  await pause(100)
  collect()
  return { ...measured(), inFlight }
}

function measured() {
  return {
    heap: process.memoryUsage().heapUsed,
    // An idle socket in an agent's pool is none: it keeps no process from ending.
    handles:
      process.getActiveResourcesInfo().length + agents.flatMap(({ sockets }) => Object.keys(sockets)).length,
    listeners:
      getEventListeners(signal, 'abort').length +
      process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0),
  }
}

const megabytes = (/** @type {number} */ bytes) => (bytes / 2 ** 20).toFixed(1)
const milliseconds = (/** @type {number | undefined} */ time) => time?.toFixed(1) ?? '-'

const HEAD = [
  's',
  'requests',
  'served',
  '401',
  'failed',
  'token calls',
  'p50 ms',
  'p99 ms',
  'heap MB',
  'handles',
  'listeners',
  'what',
]
const WIDTHS = [5, 9, 9, 8, 8, 11, 7, 7, 7, 7, 9, 0]
/** @type {string[][]} */
const rows = []
/** @type {string[]} */
let notes = []
const line = (/** @type {string[]} */ cells) => cells.map((cell, at) => cell.padStart(WIDTHS[at])).join('  ')

/** @param {number} elapsed */
function addRow(elapsed) {
  collect?.()
  const { heap, handles, listeners } = measured()
  const { requests, served, refused, failed, tokenCalls, p50, p99, failures } = tally.row()
  const codes = Object.entries(failures).map(([code, times]) => `${code} ${count(times)}`)
  const row = [
    String(Math.round(elapsed / 1000)),
    ...[requests, served, refused, failed, tokenCalls].map(count),
    milliseconds(p50),
    milliseconds(p99),
    megabytes(heap),
    count(handles),
    count(listeners),
    [...notes, ...codes].join(', '),
  ]
  notes = []
  rows.push(row)
  console.log(line(row))
}

console.log(
  `${values.minutes} min at ${count(rate)} requests/s, tokens of ${TOKEN_LIFE} s; Node ${process.version}, ${cpus().length} cores\n`,
)
await send(WARM_UP)
const before = await atRest()
tally = tallyOf()
console.log(line(HEAD))

const steps = scheduleOf(duration)
const WORDS = { revoke: 'revocation', end: 'outage begins', begin: 'outage ends' }
let nextRow = ROW
const took = await send(duration, (elapsed) => {
  while (steps[0] && steps[0].at <= elapsed) {
    const step = /** @type {import('./schedule.mjs').Step} */ (steps.shift())
    servers.send(step)
    notes.push(step.do === 'end' ? `${WORDS.end} (${step.how})` : WORDS[step.do])
  }
  if (elapsed < nextRow) return
  addRow(elapsed)
  nextRow += ROW
})
const after = await atRest()
addRow(took)

const { sum, blames } = tally
const ours = blames['with a valid token'] + blames['while the issuer was up']
const reached = sum.requests / (took / 1000)
/** @type {[isRight: boolean, text: string][]} */
const verdicts = [
  [
    ours === 0,
    `${count(ours)} requests failed while the issuer had left a valid token, or would have given one`,
  ],
  [
    sum.served + sum.refused + sum.failed === sum.requests,
    `${count(sum.requests)} requests, each with one outcome`,
  ],
  [after.inFlight === 0, `${after.inFlight} requests hang`],
  [after.handles <= before.handles, `handles at rest: ${before.handles} before, ${after.handles} after`],
  [
    after.listeners <= before.listeners,
    `listeners at rest: ${before.listeners} before, ${after.listeners} after`,
  ],
  [
    after.heap <= before.heap + HEAP_ROOM,
    `heap at rest: ${megabytes(before.heap)} MB before, ${megabytes(after.heap)} MB after`,
  ],
]
const summary = [
  `Of ${count(sum.requests)} requests ${count(sum.served)} were served, ${count(sum.refused)} got their 401, ${count(sum.failed)} failed otherwise. Why they were not served:\n`,
  ...Object.entries(blames).map(([blame, times]) => `- ${blame}: ${count(times)}`),
  reached >= 0.98 * rate
    ? `\nThe rate was held: ${count(reached)} requests/s.`
    : `\nThe rate was NOT held: ${count(reached)} requests/s of ${count(rate)}. ${count(sum.notSent)} were due and not sent, for the machine was too slow.`,
]
console.log(`\n${summary.join('\n')}\n`)
for (const [isRight, text] of verdicts) console.log(`${isRight ? '✓' : '✗'} ${text}`)
process.exitCode = verdicts.every(([isRight]) => isRight) ? 0 : 1

if (values.page) await writePage()
servers.disconnect()
for (const agent of agents) agent.destroy()

async function writePage() {
  const page = `# Soak

${values.minutes} minutes at ${count(rate)} requests a second on one machine, with tokens of ${TOKEN_LIFE} s: every 30 s the issuer revokes all
tokens, and every 60 s it is out for 8 s. Does a request fail that need not, does one hang, does anything grow? Made by
\`npm run soak -- --minutes ${values.minutes} --rate ${values.rate} --page\`, Node ${process.version}, ${cpus().length} cores.

${verdicts.map(([isRight, text]) => `- ${isRight ? 'As it should be' : '**Not** as it should be'}: ${text}`).join('\n')}

${summary.join('\n')}

${inMarkdown(HEAD, rows)}
`
  await writeFile(new URL('../../docs/soak.md', import.meta.url), page)
}
