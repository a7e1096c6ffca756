import { startApiServer } from '../../__tests__/servers/api-server.mjs'
import { startAuthorizationServer } from '../../__tests__/servers/authorization-server.mjs'
import { startDpopApi } from '../../__tests__/servers/dpop-api.mjs'
import { startProtectedApi, startServer } from '../../__tests__/servers/protected-api.mjs'

/** @typedef {Awaited<ReturnType<typeof openScene>>} Scene */
/** @typedef {Scene['setting']} Setting what a check is told */

const ACCOUNT = { username: 'Zoë', password: 'fake-pässwörd-密碼' }

/** The servers of one check: an issuer, what it issues tokens for, and a place that is none of its business. */
export async function openScene() {
  const issuer = await startAuthorizationServer()
  const elsewhere = await startServer((_, response) => response.end('{}'))
  const api = await startProtectedApi({ isValid: issuer.accepts })
  const accounts = await startApiServer({
    judge: ({ headers }) => (isAccount(headers.authorization) ? undefined : { status: 401 }),
  })
  const dpopApi = await startDpopApi({ boundTo: issuer.boundTo, nonces: 'required' })
  const servers = [issuer, elsewhere, api, accounts, dpopApi]

  api.respond((request, response) => {
    if (request.url === '/broken') response.writeHead(500).end()
    else if (request.url === '/moved') response.writeHead(307, { location: '/things' }).end()
    else if (request.url === '/gone') response.writeHead(302, { location: `${elsewhere.url}/here` }).end()
    else return false
    return true
  })

  return {
    setting: {
      issuerUrl: issuer.url,
      clients: { basic: clientOf(issuer.clients.basic), dpop: clientOf(issuer.clients.dpop) },
      apiUrl: api.url,
      accountsUrl: accounts.url,
      account: ACCOUNT,
      dpopUrl: dpopApi.url,
    },
    /** All that was sent to the APIs. */
    credentials: () => [...api.requests, ...dpopApi.requests].flatMap(credentialsOf),
    /**
     * What a check may ask for and do.
     *
     * @type {Record<string, () => unknown>}
     */
    acts: {
      tokenRequests: () => issuer.tokenRequests,
      holdTokens: issuer.pause,
      tokenHeld: () => issuer.held(),
      releaseTokens: issuer.resume,
      issueRefreshToken: () => issuer.issueRefreshToken(),
      revokeAll: issuer.revokeAll,
      requests: () => api.requests.map(recorded),
      elsewhereRequests: () => elsewhere.requests.map(recorded),
      proofs: () => dpopApi.proofs.map(({ payload }) => payload),
      close: () => Promise.all(servers.map((server) => server.close())),
    },
  }
}

/** @param {import('../../__tests__/servers/clients.mjs').TestClient} client */
function clientOf({ clientId, clientSecret }) {
  return { clientId, clientSecret }
}

/** @param {string} [authorization] */
function isAccount(authorization) {
  const [, encoded = ''] = /^Basic (\S+)$/.exec(authorization ?? '') ?? []
  return Buffer.from(encoded, 'base64').toString() === `${ACCOUNT.username}:${ACCOUNT.password}`
}

/** @param {import('../../__tests__/servers/http-server.mjs').RecordedRequest} request */
function recorded({ method, url, headers, body }) {
  return { method, url, headers, body: body.toString() }
}

/** @param {import('../../__tests__/servers/http-server.mjs').RecordedRequest} request */
function credentialsOf({ headers: { authorization, dpop, 'x-api-key': key } }) {
  return [authorization?.split(' ')[1], dpop, key].flat().filter((text) => text !== undefined)
}
