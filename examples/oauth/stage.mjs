import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bearerToken } from '../../__tests__/servers/api-server.mjs'
import { startAuthorizationServer } from '../../__tests__/servers/authorization-server.mjs'
import { startDpopApi } from '../../__tests__/servers/dpop-api.mjs'
import { startProtectedApi } from '../../__tests__/servers/protected-api.mjs'
import { startStepUpApi } from '../../__tests__/servers/step-up-api.mjs'
import { startTlsAuthorizationServer } from '../../__tests__/servers/tls-authorization-server.mjs'

/** @typedef {import('../../__tests__/servers/authorization-server.mjs').AuthorizationServer} AuthorizationServer */
/** @typedef {{ close(): Promise<void> }} Closable */
/** @typedef {(running: Closable[]) => Promise<Record<string, unknown>>} SetStage gives the setting of an example */

/**
 * The authorization server and the API that each example runs against, and the people in it.
 *
 * @type {Record<string, SetStage>}
 */
const stages = {
  async 'client-credentials'(running) {
    const server = await issuer(running)
    return { ...clientOf(server, 'basic'), apiUrl: await api(running, server) }
  },
  async 'refresh-token'(running) {
    const server = await issuer(running)
    const tokenFile = await tokenFileWith(running, await server.issueRefreshToken())
    return { ...clientOf(server, 'basic'), apiUrl: await api(running, server), tokenFile }
  },
  async 'authorization-code'(running) {
    const server = await issuer(running)
    const publicUrl = new URL(server.clients.web.redirectUri).origin
    const visit = browserAt(server, publicUrl)
    return { ...clientOf(server, 'web'), apiUrl: await api(running, server), publicUrl, visit }
  },
  async device(running) {
    // Nobody wants to wait for the 5 s of RFC 8628.
    const server = await issuer(running, { deviceInterval: 0.1 })
    const { issuer: url, clientId } = clientOf(server, 'device')
    return { issuer: url, clientId, apiUrl: await api(running, server), enterCode: server.approveDevice }
  },
  async 'token-exchange'(running) {
    const server = await issuer(running)
    /** @type {Map<string, string>} */
    const tokens = new Map()
    /** @param {string} user @param {string} url */
    async function callAs(user, url) {
      const token = tokens.get(user) ?? (await tokenOf(server, user))
      tokens.set(user, token)
      return (await fetch(url, { headers: { authorization: `Bearer ${token}` } })).text()
    }
    return { ...clientOf(server, 'exchange'), apiUrl: await api(running, server), callAs }
  },
  async 'jwt-bearer'(running) {
    const server = await issuer(running)
    const { issuer: assertionIssuer, privateJwk, privatePem: pem } = server.assertionIssuer
    const signingKey = { pem, kid: privateJwk.kid }
    return {
      ...clientOf(server, 'assertion'),
      apiUrl: await api(running, server),
      assertionIssuer,
      signingKey,
    }
  },
  async 'private-key-jwt'(running) {
    const server = await issuer(running)
    const { clientId, privateJwk, privatePem: pem } = server.clients.privateKeyJwt
    const signingKey = { pem, kid: privateJwk.kid }
    return { issuer: server.url, clientId, apiUrl: await api(running, server), signingKey }
  },
  async mtls(running) {
    const server = await startTlsAuthorizationServer()
    running.push(server)
    const { clientId } = server.clients.tls
    const { ca, clientCertificate } = server
    return { issuer: server.url, clientId, apiUrl: await api(running, server), ca, ...clientCertificate }
  },
  async dpop(running) {
    const server = await issuer(running, { dpopNonces: 'required' })
    const guarded = await startDpopApi({ boundTo: server.boundTo, nonces: 'required' })
    running.push(guarded)
    return { ...clientOf(server, 'dpop'), apiUrl: guarded.url }
  },
  async 'step-up'(running) {
    const server = await issuer(running)
    const guarded = await startStepUpApi({ describe: server.describe })
    running.push(guarded)
    return { ...clientOf(server, 'basic'), apiUrl: guarded.url }
  },
  async 'log-out'(running) {
    const server = await issuer(running)
    const tokenFile = await tokenFileWith(running, await server.issueRefreshToken())
    return { ...clientOf(server, 'basic'), apiUrl: await api(running, server), tokenFile }
  },
}

/** The names of the examples. */
export const names = Object.keys(stages)

/**
 * Starts what an example needs, and gives its setting.
 *
 * @param {string} name
 */
export async function setStage(name) {
  /** @type {Closable[]} */
  const running = []
  const setting = await stages[name]?.(running)
  return {
    setting,
    async close() {
      await Promise.all(running.map((one) => one.close()))
    },
  }
}

/** @param {Closable[]} running @param {import('../../__tests__/servers/authorization-server.mjs').AuthorizationServerOptions} [options] */
async function issuer(running, options) {
  const server = await startAuthorizationServer(options)
  running.push(server)
  return server
}

/** @param {AuthorizationServer} server @param {keyof AuthorizationServer['clients']} name */
function clientOf(server, name) {
  const { clientId, clientSecret } = server.clients[name]
  return { issuer: server.url, clientId, clientSecret }
}

/**
 * An API that says whom it sees.
 *
 * @param {Closable[]} running
 * @param {AuthorizationServer} server whose tokens it takes
 */
async function api(running, server) {
  const { url, close, respond } = await startProtectedApi({ isValid: server.accepts })
  running.push({ close })
  respond(async (request, response) => {
    const token = await server.describe(bearerToken(request))
    if (!token) return false
    const { subject: user, clientId: client } = token
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ path: request.url, user, client }))
    return true
  })
  return url
}

/** @param {Closable[]} running @param {string} refreshToken that a login has left there */
async function tokenFileWith(running, refreshToken) {
  const folder = await mkdtemp(join(tmpdir(), 'example-'))
  running.push({ close: () => rm(folder, { recursive: true }) })
  const file = join(folder, 'refresh-token')
  await writeFile(file, refreshToken, { mode: 0o600 })
  return file
}

/** An access token of a user, as some other program has it. @param {AuthorizationServer} server @param {string} accountId */
async function tokenOf(server, accountId) {
  const { clientId: client_id, clientSecret: client_secret } = server.clients.post
  const refresh_token = await server.issueRefreshToken({ client: 'post', accountId })
  const body = new URLSearchParams({ grant_type: 'refresh_token', refresh_token, client_id, client_secret })
  const answer = await fetch(server.tokenUrl, { method: 'POST', body })
  const { access_token } = /** @type {{ access_token: string }} */ (await answer.json())
  return access_token
}

/**
 * The browser of a user who logs in. The program says that it is at `publicUrl`, as behind a proxy that does TLS; the
 * browser goes to where it listens.
 *
 * @param {AuthorizationServer} server
 * @param {string} publicUrl
 */
function browserAt(server, publicUrl) {
  /** @param {string} url @param {{ consents: boolean }} user */
  return async (url, { consents }) => {
    let cookie = ''
    let at = new URL(publicUrl)
    for (;;) {
      if (at.origin === server.url) {
        at = new URL(await server.authorize(at, { deny: !consents }))
        continue
      }
      const answer = await fetch(url + at.pathname + at.search, { redirect: 'manual', headers: { cookie } })
      cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? cookie
      const location = answer.headers.get('location')
      if (!location) return answer.text()
      at = new URL(location, publicUrl)
    }
  }
}
