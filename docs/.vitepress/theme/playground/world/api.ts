import type { AxiosAdapter } from 'axios'
import { around, DRAW } from './chance'
import { httpAnswer } from './http-answer'
import type { Issuer } from './issuer'
import type { LaneRecord } from './lane-record'
import type { Surroundings } from './surroundings'

const CHALLENGE = { 'www-authenticate': 'Bearer error="invalid_token"' }

/** Each request of a caller has a URL of its own, by which the record knows it again. */
export const urlOf = (request: number): string => `/orders/${request}`
const requestOf = (url = ''): number => Number(url.split('/').at(-1))

/** Sends requests to the API of one lane, which looks at the token when they arrive. */
export function emulatedApi(
  { time, settings, chance }: Surroundings,
  issuer: Issuer,
  record: LaneRecord,
): AxiosAdapter {
  return async (config) => {
    const request = requestOf(config.url)
    const { attempt, answered } = record.send(request, time.now())
    const way = around(settings.apiLatency, chance(DRAW.apiLatency, request, attempt)) / 2
    await time.pause(way)
    const [, value] = /^Bearer (.+)$/.exec(String(config.headers.get('Authorization'))) ?? []
    const token = issuer.tokenOf(value)
    const isGood = token !== undefined && !issuer.isRevoked(token.number) && time.now() < token.until
    await time.pause(way)
    answered(time.now(), isGood ? 200 : 401)
    return isGood ? httpAnswer(config, 200, { order: request }) : httpAnswer(config, 401, {}, CHALLENGE)
  }
}
