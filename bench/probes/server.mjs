import http from 'node:http'

// An API in a process of its own. It answers whatever comes.
const server = http.createServer((_, response) => {
  response.setHeader('Content-Type', 'application/json')
  response.end('{"status":"ok"}')
})
server.keepAliveTimeout = 60_000
server.listen(0, '127.0.0.1', () =>
  process.send?.(/** @type {import('node:net').AddressInfo} */ (server.address()).port),
)
process.on('disconnect', () => process.exit())
