import type { AxiosAdapter } from 'axios'
import { around, DRAW } from './chance'
import { httpAnswer, noAnswer } from './http-answer'
import type { LaneRecord } from './lane-record'
import type { Surroundings } from './surroundings'

/** A token as the issuer remembers it. */
export interface IssuedToken {
  /** The how manieth it is, from 1. */
  readonly number: number
  /** From this moment on no API takes it. */
  readonly until: number
}

/** Issues the tokens of one lane, and knows which are good. */
export interface Issuer {
  /** Sends token requests to it. */
  readonly adapter: AxiosAdapter
  tokenOf(value: string | undefined): IssuedToken | undefined
  isRevoked(number: number): boolean
  revokeAll(): void
}

export function emulatedIssuer(
  { time, settings, chance, isIssuerDown }: Surroundings,
  record: LaneRecord,
): Issuer {
  const issued = new Map<string, IssuedToken>()
  let lastRevoked = 0
  let calls = 0

  function issue(): object {
    const number = issued.size + 1
    const value = `fake-token-${number}`
    issued.set(value, { number, until: time.now() + settings.tokenLife * 1000 })
    return { access_token: value, token_type: 'Bearer', expires_in: settings.tokenLife }
  }

  return {
    async adapter(config) {
      const way = around(settings.issuerLatency, chance(DRAW.issuerLatency, calls++)) / 2
      const answered = record.tokenCall(time.now())
      await time.pause(way)
      if (isIssuerDown() && settings.outage === 'does not answer') {
        await time.pause(Math.max(0, Number(config.timeout) - way))
        answered(time.now(), undefined)
        throw noAnswer(config)
      }
      const [status, body] = isIssuerDown() ? [503] : [200, issue()]
      await time.pause(way)
      answered(time.now(), status)
      return httpAnswer(config, status, body)
    },
    tokenOf: (value = '') => issued.get(value),
    isRevoked: (number) => number <= lastRevoked,
    revokeAll() {
      lastRevoked = issued.size
    },
  }
}
