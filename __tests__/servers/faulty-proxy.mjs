import { once } from 'node:events'
import { request as send } from 'node:http'
import { createServer } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { gzipSync } from 'node:zlib'

/** @typedef {import('node:net').Socket} Socket */
/** @typedef {{ status: number, reason: string, headers: Record<string, string>, body: Buffer }} Answer */
/** @typedef {keyof typeof FAULTS | 'refuse' | 'bad gateway'} Fault */
/** @typedef {Awaited<ReturnType<typeof startFaultyProxy>>} FaultyProxy */

const DRIP = 10 // milliseconds
/** What the bomb inflates to, from a thousandth of it. */
export const INFLATED = 1_000_000

/**
 * What becomes of an answer of the real server, which has dealt with the request. None depends on chance.
 *
 * @satisfies {Record<string, (socket: Socket, answer: Answer) => unknown>}
 */
const FAULTS = {
  'reset in mid-response': (socket, answer) =>
    socket.write(Buffer.concat([head(answer), firstHalf(answer.body)]), () => socket.resetAndDestroy()),
  stall: () => undefined,
  'stall after the headers': (socket, answer) => socket.write(head(answer)),
  // Whole, but for a promise of more.
  truncate: (socket, answer) =>
    socket.end(
      Buffer.concat([head(answer, { 'content-length': `${answer.body.length + 100}` }), answer.body]),
    ),
  /** Never ends: JSON may begin with any number of blanks. */
  'slow drip'(socket, answer) {
    const { 'content-length': _, ...headers } = answer.headers
    socket.write(head({ ...answer, headers }, { 'transfer-encoding': 'chunked' }))
    const dripping = setInterval(() => socket.write('1\r\n \r\n'), DRIP)
    socket.once('close', () => clearInterval(dripping))
  },
  garbage: (socket) => socket.write('SSH-2.0-OpenSSH_9.6\r\n'),
  'content-length too short': (socket, answer) =>
    socket.write(
      Buffer.concat([head(answer, { 'content-length': `${firstHalf(answer.body).length}` }), answer.body]),
    ),
  'gzip bomb'(socket, answer) {
    const body = gzipSync(Buffer.alloc(INFLATED, ' '))
    return socket.write(
      Buffer.concat([head(answer, { 'content-encoding': 'gzip', 'content-length': `${body.length}` }), body]),
    )
  },
}

/** After these the connection is as good as before. */
const HARMLESS = ['gzip bomb']

/**
 * Stands before a real server and passes requests on, until a test asks for a fault.
 *
 * @param {string} target its origin
 */
export async function startFaultyProxy(target) {
  /** @type {Set<Socket>} */
  const connections = new Set()
  /** @type {Set<Socket>} */
  const damaged = new Set()
  /** @type {{ fault: Fault, left: number } | undefined} */
  let plan
  const server = createServer(serve)
  await listen(0)
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address())

  /** @param {number} wanted */
  async function listen(wanted) {
    server.listen(wanted, '127.0.0.1')
    await once(server, 'listening')
  }

  /** @param {Socket} socket */
  async function serve(socket) {
    connections.add(socket)
    socket.once('close', () => {
      connections.delete(socket)
      damaged.delete(socket)
    })
    socket.on('error', () => undefined) // It closes after that.
    for await (const request of requestsOn(socket)) await answer(socket, request)
  }

  /** @param {Socket} socket @param {Request} request */
  async function answer(socket, request) {
    const fault = plan && plan.left > 0 ? plan.fault : undefined
    if (plan) plan.left -= 1
    if (fault === 'bad gateway') return socket.write(badGateway())
    const answered = await forward(target, request)
    if (!fault || fault === 'refuse') return socket.write(whole(answered))
    if (!HARMLESS.includes(fault)) damaged.add(socket)
    FAULTS[fault](socket, answered)
  }

  return {
    url: `http://127.0.0.1:${port}`,
    /**
     * The next so many requests (all, by default) meet this fault. `refuse`: no connection is taken until `pass`, and
     * those at hand are ended; it is fulfilled when their clients have noticed.
     *
     * @param {Fault} fault
     */
    async fail(fault, times = Number.POSITIVE_INFINITY) {
      plan = { fault, left: times }
      if (fault !== 'refuse') return
      server.close()
      await Promise.all([...connections].map((socket) => once(socket.end(), 'close')))
    },
    /** From now on requests are passed on. */
    async pass() {
      plan = undefined
      if (!server.listening) await listen(port)
    },
    /** How many connections the client keeps though their answer broke off, or never came. */
    damaged: () => damaged.size,
    close: () =>
      /** @type {Promise<void>} */ (
        new Promise((resolve) => {
          server.close(() => resolve())
          for (const socket of connections) socket.destroy()
        })
      ),
  }
}

/** @typedef {{ method: string, path: string, headers: Record<string, string>, body: Buffer }} Request */

/**
 * The requests on a connection, one after the other. Their bodies must have a length.
 *
 * @param {Socket} socket
 * @returns {AsyncGenerator<Request, void>}
 */
async function* requestsOn(socket) {
  let received = Buffer.alloc(0)
  try {
    for await (const chunk of socket) {
      received = Buffer.concat([received, chunk])
      const end = received.indexOf('\r\n\r\n')
      if (end < 0) continue
      const [start = '', ...lines] = received.toString('latin1', 0, end).split('\r\n')
      const headers = Object.fromEntries(
        lines.map((line) => {
          const [name = ''] = line.split(':', 1)
          return [name.toLowerCase(), line.slice(name.length + 1).trim()]
        }),
      )
      const over = end + 4 + Number(headers['content-length'] ?? 0)
      if (received.length < over) continue
      const [method = '', path = ''] = start.split(' ')
      const body = received.subarray(end + 4, over)
      received = received.subarray(over)
      yield { method, path, headers, body }
    }
  } catch {
    // The client went away.
  }
}

/** @param {string} target @param {Request} request @returns {Promise<Answer>} */
async function forward(target, { method, path, headers, body }) {
  const outgoing = send(new URL(path, target), {
    method,
    headers: { ...headers, connection: 'close' },
    agent: false,
  })
  outgoing.end(body)
  const [response] = /** @type {[import('node:http').IncomingMessage]} */ (await once(outgoing, 'response'))
  const received = await buffer(response)
  const { connection, 'keep-alive': _, 'transfer-encoding': __, ...rest } = response.headers
  return {
    status: response.statusCode ?? 0,
    reason: response.statusMessage ?? '',
    headers: { .../** @type {Record<string, string>} */ (rest), 'content-length': `${received.length}` },
    body: received,
  }
}

/** @param {Answer} answer @param {Record<string, string>} [others] instead of its own */
const head = ({ status, reason, headers }, others) =>
  Buffer.from(
    [
      `HTTP/1.1 ${status} ${reason}`,
      ...Object.entries({ ...headers, ...others }).map(([name, value]) => `${name}: ${value}`),
      '\r\n',
    ].join('\r\n'),
  )

/** @param {Answer} answer */
const whole = (answer) => Buffer.concat([head(answer), answer.body])

/** @param {Buffer} body */
const firstHalf = (body) => body.subarray(0, Math.ceil(body.length / 2))

function badGateway() {
  const body = Buffer.from('<html><body><h1>502 Bad Gateway</h1></body></html>')
  const headers = { 'content-type': 'text/html', 'content-length': `${body.length}` }
  return whole({ status: 502, reason: 'Bad Gateway', headers, body })
}
