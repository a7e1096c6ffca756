import { connect } from 'node:net'
import { listen } from './http-server.mjs'

/** @typedef {Awaited<ReturnType<typeof startForwardProxy>>} ForwardProxy */

/**
 * A proxy that tunnels by CONNECT, and by nothing else. It records all that it can read.
 *
 * @param {{ user: string, password: string }} credentials what it wants as `Proxy-Authorization`
 */
export async function startForwardProxy({ user, password }) {
  const expected = `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`
  /** @type {{ method: string, target: string, headers: import('node:http').IncomingHttpHeaders }[]} */
  const requests = []
  /** @type {Set<import('node:stream').Duplex>} */
  const tunnels = new Set()

  const { server, url, close } = await listen(({ method = '', url: target = '', headers }, response) => {
    requests.push({ method, target, headers })
    response.writeHead(501).end()
  })
  server.on('connect', ({ method = '', url: target = '', headers }, client) => {
    requests.push({ method, target, headers })
    tunnels.add(client.on('error', () => client.destroy()))
    if (headers['proxy-authorization'] !== expected) {
      client.end('HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n\r\n')
      return
    }
    const [host = '', port] = target.split(':')
    const upstream = connect(Number(port), host, () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n')
      upstream.pipe(client).pipe(upstream)
    })
    tunnels.add(upstream.on('error', () => client.destroy()))
  })

  return {
    url,
    /** Every request, oldest first: a tunnel counts once, whatever goes through it. */
    requests,
    async close() {
      for (const socket of tunnels) socket.destroy()
      await close()
    },
  }
}
