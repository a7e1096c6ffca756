import { startDpopApi } from '../../support/servers'
import { allowed, openStage, type Setting } from '../stage'

/** In the page: the server as a public client sees it. */
const serverOf = (clientId: string) =>
  inPage.oauth.authorizationServer(inPage.instance({}), { issuer: inPage.urls.issuer, clientId })

/** The subpath `/oauth`, which needs a bundler. */
export function oauth(setting: Setting): void {
  if (setting.build !== 'Vite') return

  test('a public client logs in with authorization code and PKCE, and refreshes', async () => {
    const { run, load, issuer, api } = await openStage(setting)
    const { clientId } = issuer.clients.spa
    const url = await run(
      async (serverOf, clientId) => {
        const redirectUri = `${location.origin}/callback`
        const request = { redirectUri, scope: 'openid read' }
        const { url, ...kept } = await serverOf(clientId).authorizationRequest(request)
        sessionStorage.setItem('login', JSON.stringify(kept))
        return url
      },
      serverOf,
      clientId,
    )

    await load(await issuer.authorize(url))
    await run(
      (serverOf, clientId) => {
        const server = serverOf(clientId)
        const kept = JSON.parse(sessionStorage.getItem('login') ?? '')
        const login = server.authorizationCode({ ...kept, callbackUrl: location.href })
        const { bearerAuth, renewWith } = inPage.library
        const auth = bearerAuth(renewWith(server.refreshToken(), login))
        inPage.kept.api = inPage.instance({ baseURL: inPage.urls.api }, auth)
      },
      serverOf,
      clientId,
    )
    const get = () => inPage.outcomeOf(inPage.kept.api.get('/things'))
    expect(await run(get)).toEqual({ status: 200 })
    await issuer.revokeAll()
    expect(await run(get)).toEqual({ status: 200 })

    const asked = issuer.tokenRequestLog.map(({ grantType, clientAuthentication, parameters }) => [
      grantType,
      clientAuthentication,
      'code_verifier' in parameters,
    ])
    expect(asked).toEqual([
      ['authorization_code', 'none', true],
      ['refresh_token', 'none', false],
    ])
    expect(api.requests).toHaveLength(3)
  })

  test('a token is bound to a key that no script can read, and nonces are learned', async () => {
    const { run, issuer, site } = await openStage(setting, { connect: ['http://127.0.0.1:*'] })
    const api = await startDpopApi({
      boundTo: issuer.boundTo,
      nonces: 'required',
      cors: {
        origin: site.origin,
        allowHeaders: [...allowed(setting), 'dpop'],
        exposeHeaders: ['WWW-Authenticate', 'DPoP-Nonce'],
      },
    })
    const outcomes = await run(
      async (baseURL, { clientId, clientSecret }) => {
        const { authorizationServer, clientSecretBasic, dpopAuth } = inPage.oauth
        const algorithm = { name: 'ECDSA', namedCurve: 'P-256' }
        const keyPair = await crypto.subtle.generateKey(algorithm, false, ['sign', 'verify'])
        const server = authorizationServer(inPage.instance({}), {
          issuer: inPage.urls.issuer,
          clientId,
          clientAuthentication: clientSecretBasic(clientSecret),
          keyPair,
        })
        const api = inPage.instance(
          { baseURL },
          dpopAuth(server.clientCredentials({ scope: 'read' }), { keyPair }),
        )
        return [await inPage.outcomeOf(api.get('/first')), await inPage.outcomeOf(api.get('/second'))]
      },
      api.url,
      issuer.clients.dpop,
    )
    expect(outcomes).toEqual([{ status: 200 }, { status: 200 }])
    expect(api.requests.map(({ url }) => url)).toEqual(['/first', '/first', '/second'])
    expect(issuer.tokenRequests).toBe(1)
  })
}
