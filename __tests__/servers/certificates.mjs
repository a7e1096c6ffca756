import { generate } from 'selfsigned'

/** @typedef {{ cert: string, key: string }} Certificate in PEM, with its private key */

/**
 * Signed by itself, so that it is its own `ca`. For a server on 127.0.0.1, or for a client.
 *
 * @param {string} commonName
 * @returns {Promise<Certificate>}
 */
export async function selfSignedCertificate(commonName) {
  const { cert, private: key } = await generate([{ name: 'commonName', value: commonName }], {
    keyType: 'ec',
    algorithm: 'sha256',
    extensions: [
      { name: 'basicConstraints', cA: false, critical: true },
      { name: 'keyUsage', digitalSignature: true, critical: true },
      { name: 'extKeyUsage', serverAuth: true, clientAuth: true },
      {
        name: 'subjectAltName',
        altNames: [
          { type: 2, value: commonName },
          { type: 7, ip: '127.0.0.1' },
        ],
      },
    ],
  })
  return { cert, key }
}
