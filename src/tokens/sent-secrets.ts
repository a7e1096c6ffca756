import type { AxiosResponse } from 'axios'
import type { AuthErrorDetails } from '../errors'
import { textOfBase64 } from '../json'
import { redactionOf } from '../redaction'
import { headerOf } from '../response-header'

// What proves something in a token request: RFC 6749, 7521, 7636, 8628, 8693.
const SECRET = [
  'client_secret',
  'client_assertion',
  'refresh_token',
  'password',
  'code',
  'code_verifier',
  'device_code',
  'assertion',
  'subject_token',
  'actor_token',
  'token',
]
// What is shorter stands in any text by chance.
const SHORTEST = 4

/** What an issuer says of a request, without the secrets that it repeats from it. */
export function withoutSent(fields: AuthErrorDetails, config: unknown): AuthErrorDetails {
  const redact = redactionOf(
    secretsIn(config)
      .filter((value) => value.length >= SHORTEST)
      .map((value) => ({ place: { in: 'query', name: '' }, value })),
  )
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [name, typeof value === 'string' ? redact(value) : value]),
  )
}

function secretsIn(config: unknown): string[] {
  const { data, headers } = Object(config) as { data?: unknown; headers?: AxiosResponse['headers'] }
  const form = new URLSearchParams(typeof data === 'string' || data instanceof URLSearchParams ? data : '')
  const basic = /^Basic (.+)/.exec(headerOf({ headers }, 'authorization') ?? '')?.[1] ?? ''
  const password = textOfBase64(basic)?.split(':').slice(1).join(':') ?? ''
  // RFC 6749 section 2.3.1 has it form-encoded.
  const decoded = new URLSearchParams(`=${password}`).get('') ?? ''
  return [...SECRET.flatMap((name) => form.getAll(name)), basic, password, decoded]
}
