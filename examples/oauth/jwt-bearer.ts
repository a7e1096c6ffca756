// A token for an assertion that another system has signed: RFC 7523 section 2.1.
import { randomUUID } from 'node:crypto'
import axios from 'axios'
import { bearerAuth, tokenSource } from 'axios-auth-interceptors'
import { authorizationServer, clientSecretBasic } from 'axios-auth-interceptors/oauth'
import { importPKCS8, SignJWT } from 'jose'
import type { AssertionSetting } from './setting'

export async function run(setting: AssertionSetting): Promise<void> {
  const { issuer, clientId, clientSecret, apiUrl, assertionIssuer, signingKey } = setting
  const server = authorizationServer(axios.create(), {
    issuer,
    clientId,
    clientAuthentication: clientSecretBasic(clientSecret),
  })

  const key = await importPKCS8(signingKey.pem, 'ES256')
  /** A new one each time: a server takes each once. */
  function assertion(): Promise<string> {
    console.log('signed an assertion')
    return new SignJWT()
      .setProtectedHeader({ alg: 'ES256', kid: signingKey.kid })
      .setIssuer(assertionIssuer)
      .setSubject('alice')
      .setAudience(issuer)
      .setJti(randomUUID())
      .setIssuedAt()
      .setExpirationTime('2 minutes')
      .sign(key)
  }

  const source = tokenSource(server.jwtBearer({ assertion, scope: 'read' }))
  const api = axios.create({ baseURL: apiUrl })
  api.interceptors.request.use(bearerAuth(source))
  const { data } = await api.get('/calendar')
  console.log(`${data.path}: as ${data.user}`)
  await source.renew() // there is no refresh token: another assertion
}
