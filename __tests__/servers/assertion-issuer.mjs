import { createPrivateKey, generateKeyPairSync, randomUUID } from 'node:crypto'
import { SignJWT } from 'jose'

const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })

/** Whose assertions the authorization server trusts for the JWT bearer grant (RFC 7523). */
export const assertionIssuer = {
  issuer: 'https://assertions.example.com',
  alg: 'ES256',
  publicKey,
  privateJwk: { ...privateKey.export({ format: 'jwk' }), alg: 'ES256', kid: 'assertion-1' },
  privatePem: privateKey.export({ format: 'pem', type: 'pkcs8' }).toString(),
}

/**
 * A signed assertion, good for five minutes and for one use.
 *
 * @param {import('jose').JWTPayload & { aud: string }} claims in place of those it would have; undefined takes one away
 */
export async function issueAssertion(claims) {
  const { issuer: iss, alg, privateJwk } = assertionIssuer
  const iat = Math.floor(Date.now() / 1000)
  return new SignJWT({ iss, sub: 'alice', iat, exp: iat + 300, jti: randomUUID(), ...claims })
    .setProtectedHeader({ alg, kid: privateJwk.kid, typ: 'JWT' })
    .sign(createPrivateKey({ key: privateJwk, format: 'jwk' }))
}
