// The issuer and the API, in a process of their own: what they cost is not on the client's bill.
import { createServer } from 'node:http'
import { TOKEN_LIFE } from './schedule.mjs'

/** @type {import('./schedule.mjs').Failure | undefined} */
let failure
let issued = 0
let revokedUpTo = 0

const issuer = createServer((request, response) => {
  request.resume().once('end', () => {
    if (failure === 'no answer') return
    if (failure === 'reset') return request.socket.resetAndDestroy()
    if (failure === '503') return response.writeHead(503).end()
    issued += 1
    const token = `soak-${issued}-${Date.now() + TOKEN_LIFE * 1000}`
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ access_token: token, token_type: 'Bearer', expires_in: TOKEN_LIFE }))
  })
})

const BODY = JSON.stringify({ ok: true })
const api = createServer((request, response) => {
  request.resume().once('end', () => {
    const [, number, end] = /^Bearer soak-(\d+)-(\d+)$/.exec(request.headers.authorization ?? '') ?? []
    const isValid = Number(number) > revokedUpTo && Date.now() < Number(end)
    if (!isValid) response.setHeader('www-authenticate', 'Bearer error="invalid_token"')
    response.writeHead(isValid ? 200 : 401, { 'content-type': 'application/json' }).end(BODY)
  })
})

process.on('message', (/** @type {import('./schedule.mjs').Step} */ step) => {
  if (step.do === 'revoke') revokedUpTo = issued
  else failure = step.do === 'end' ? step.how : undefined
  // What waited for an answer in vain is cut off when the issuer is back.
  if (step.do === 'begin') issuer.closeAllConnections()
  process.send?.({ did: step.do, at: Date.now(), revokedUpTo })
})
process.once('disconnect', () => process.exit())

const urls = await Promise.all(
  [issuer, api].map(async (server) => {
    // Longer than the run: a connection that a server ends is a failure that says nothing about tokens.
    server.keepAliveTimeout = 60 * 60_000
    await new Promise((resolve) =>
      server.listen({ host: '127.0.0.1', port: 0, backlog: 4096 }, () => resolve(undefined)),
    )
    return `http://127.0.0.1:${/** @type {import('node:net').AddressInfo} */ (server.address()).port}`
  }),
)
process.send?.({ urls })
