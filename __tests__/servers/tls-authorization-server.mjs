import { startAuthorizationServer } from './authorization-server.mjs'
import { selfSignedCertificate } from './certificates.mjs'

/** @typedef {Awaited<ReturnType<typeof startTlsAuthorizationServer>>} TlsAuthorizationServer */

/**
 * The authorization server over https. It authenticates the `tls` client by its certificate (RFC 8705), but only at
 * `mtls_endpoint_aliases`, which are on another port: the plain endpoints ask for no certificate.
 *
 * @param {Omit<import('./authorization-server.mjs').AuthorizationServerOptions, 'tls'>} [options]
 */
export async function startTlsAuthorizationServer(options = {}) {
  const [certificate, clientCertificate] = await Promise.all(
    ['localhost', 'tls-client'].map(selfSignedCertificate),
  )
  if (!certificate || !clientCertificate) throw new Error('no certificate was made')
  const server = await startAuthorizationServer({ ...options, tls: { certificate, clientCertificate } })

  // Onto the object as it is: a copy would freeze what its getters count.
  return Object.assign(server, {
    /** What a client has to trust. */
    ca: certificate.cert,
    /** Its own, for an API beside it that the same `ca` vouches for. */
    certificate,
    /** What the `tls` client proves itself with; any other certificate is refused. */
    clientCertificate,
    /** Another certificate, which no client has registered. */
    strangeCertificate: () => selfSignedCertificate('stranger'),
  })
}
