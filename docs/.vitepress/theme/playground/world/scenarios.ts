import type { Settings } from './settings'
import type { World } from './world'

/** Something to look at: settings, and what happens when. Moments are milliseconds from the beginning of the world. */
export interface Scenario {
  readonly name: string
  readonly look: string
  readonly settings: Partial<Settings>
  /** When the visitor begins to look: a timeline with nothing on it would tell nothing. */
  readonly begins: number
  readonly acts: readonly { readonly at: number; readonly act: (world: World) => void }[]
}

export const revocation: Scenario = {
  name: 'The token is revoked with 40 in flight',
  look: 'The API refuses what is in flight with 401. The library asks for one token and sends each request once more. By hand, the dead token goes on being sent until the new one is there, and late 401s ask for a token again.',
  settings: { rate: 40, tokenLife: 30, apiLatency: 1000, issuerLatency: 600 },
  begins: 6000,
  acts: [{ at: 7500, act: (world) => world.revoke() }],
}

export const renewal: Scenario = {
  name: 'A renewal',
  look: 'At three quarters of its life the token is stale. The library renews it behind the requests, and none of them waits. By hand, those that come at the end of the token wait for the next one (hatched).',
  settings: { rate: 20, tokenLife: 8, apiLatency: 300, issuerLatency: 600 },
  begins: 4500,
  acts: [],
}

export const outage: Scenario = {
  name: 'The issuer is down for 10 s',
  look: 'The library renewed the token at three quarters of its life, before the issuer went down, and that token lasts. By hand it would be renewed shortly before its end, just when the issuer is down: callers fail.',
  settings: { rate: 20, tokenLife: 16, apiLatency: 300, issuerLatency: 300, outage: 'answers 503' },
  begins: 11_500,
  acts: [
    { at: 13_000, act: (world) => world.setIssuerDown(true) },
    { at: 23_000, act: (world) => world.setIssuerDown(false) },
  ],
}

export const SCENARIOS: readonly Scenario[] = [renewal, revocation, outage]
