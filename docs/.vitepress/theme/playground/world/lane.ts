import axios from 'axios'
import type { AuthEvent, TokenEvent } from 'axios-auth-interceptors'
import type { Client, ClientOf, HeldByClient } from '../clients/client'
import { emulatedApi, urlOf } from './api'
import { DRAW } from './chance'
import { emulatedIssuer } from './issuer'
import { type LaneRecord, laneRecord } from './lane-record'
import { TOKEN_CALL_TIMEOUT } from './settings'
import type { Surroundings } from './surroundings'

/** One way to authenticate, with an API and an issuer of its own. */
export interface Lane {
  readonly record: LaneRecord
  /** A caller sends a request. */
  request(number: number): void
  revoke(): void
  /** Looks at what the client holds. */
  look(): void
  close(): void
}

export function laneWith(clientOf: ClientOf, surroundings: Surroundings): Lane {
  const { time, chance } = surroundings
  const record = laneRecord()
  const authority = emulatedIssuer(surroundings, record)
  const adapter = emulatedApi(surroundings, authority, record)
  const api = axios.create({ baseURL: 'https://api.example.com', adapter })
  const issuer = axios.create({
    baseURL: 'https://issuer.example.com',
    adapter: authority.adapter,
    timeout: TOKEN_CALL_TIMEOUT,
  })
  let draws = 0
  const client: Client = clientOf({
    api,
    issuer,
    now: time.now,
    random: () => chance(DRAW.jitter, draws++),
    onEvent(event: AuthEvent | TokenEvent) {
      if (event.type === 'fetching') record.reason(event.reason)
    },
    worthOf(value): HeldByClient {
      const token = authority.tokenOf(value)
      if (!token) return { state: 'none', token: undefined }
      return { state: time.now() < token.until ? 'fresh' : 'expired', token: token.number }
    },
  })

  function look(): void {
    const held = client.held()
    const isRevoked = held.token !== undefined && authority.isRevoked(held.token)
    record.holds({ ...held, isRevoked }, time.now())
  }

  return {
    record,
    request(number) {
      record.begin(number, time.now())
      api.get(urlOf(number)).then(
        () => record.end(number, time.now()),
        ({ response, code }) => record.end(number, time.now(), `${response?.status ?? code}`),
      )
    },
    revoke() {
      authority.revokeAll()
      look()
    },
    look,
    close: () => client.close(),
  }
}
