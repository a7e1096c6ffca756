import { Readable } from 'node:stream'
import { setImmediate } from 'node:timers/promises'
import { inspect } from 'node:util'
import axios, { type AxiosError, type AxiosInstance, type AxiosResponse } from 'axios'
import { deferred } from '../support/token-series'
import { type Stage, startStage } from './stage'

/** What can happen to the client of an API. Gives what its caller and the servers see of it. */
export type Situation = (stage: Stage, api: AxiosInstance) => Promise<unknown>
type Connect = (url: string) => AxiosInstance

export async function play(situation: Situation, connect: Connect): Promise<unknown> {
  const stage = await startStage()
  return situation(stage, connect(stage.url))
}

/** The same for a program as it was, and for what it is now. */
export async function compare(situation: Situation, before: Connect, after: Connect) {
  return { before: await play(situation, before), after: await play(situation, after) }
}

const outcomeOf = (request: Promise<AxiosResponse>): Promise<number | string | undefined> =>
  request.then(
    ({ status }) => status,
    (error: AxiosError) => error.response?.status ?? error.code,
  )

/** How many requests ended with which status or code. */
async function tally(requests: readonly Promise<AxiosResponse>[]): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const outcome of await Promise.all(requests.map(outcomeOf)))
    counts[`${outcome}`] = (counts[`${outcome}`] ?? 0) + 1
  return counts
}

const times = <T>(count: number, make: (n: number) => T): T[] =>
  Array.from({ length: count }, (_, n) => make(n))

export const firstRequest: Situation = async (stage, api) => {
  await api.get('/things')
  const sent = stage.requests().map(({ headers }) => headers.authorization)
  return { sent, tokenRequests: stage.tokenRequests() }
}

export const fiftyFirstRequests: Situation = async (stage, api) => {
  const callers = await tally(times(50, (n) => api.get(`/things/${n}`)))
  return { callers, tokenRequests: stage.tokenRequests() }
}

export const fiftyFirstRequestsWithoutToken: Situation = async (stage, api) => {
  stage.refuseTokens(Number.POSITIVE_INFINITY)
  const callers = await tally(times(50, (n) => api.get(`/things/${n}`)))
  return { callers, tokenRequests: stage.tokenRequests() }
}

/** 200 requests are under way when their token is revoked, and all 401s are there before a new token is. */
export const revokedUnderMany: Situation = async (stage, api) => {
  await api.get('/first')
  stage.revoke()
  const allAnswered = deferred()
  let answered = 0
  const http = axios.getAdapter('http')
  api.defaults.adapter = async (config) => {
    const answer = await Promise.allSettled([http(config)])
    answered += 1
    if (answered === 200) allAnswered.resolve()
    return answer[0].status === 'fulfilled' ? answer[0].value : Promise.reject(answer[0].reason)
  }
  stage.pause()
  const callers = tally(times(200, (n) => api.post(`/things/${n}`, { n })))
  await stage.paused(200)
  stage.tokenAnswers.hold()
  stage.resume()
  await allAnswered.promise
  await setImmediate()
  stage.tokenAnswers.release()
  return { callers: await callers, tokenRequests: stage.tokenRequests() - 1 }
}

/** The 401 for a revoked token comes when there is a new token already. */
export const lateRefusal: Situation = async (stage, api) => {
  await api.get('/first')
  stage.revoke()
  const arrived = stage.lateAnswers.hold()
  const late = api.get('/late')
  await arrived
  const next = api.get('/next')
  await next
  stage.lateAnswers.release()
  return { callers: await tally([late, next]), tokenRequests: stage.tokenRequests() - 1 }
}

/** A new request comes while the token is being replaced. */
export const newWhileReplacing: Situation = async (stage, api) => {
  await api.get('/first')
  stage.revoke()
  const fetching = stage.tokenAnswers.hold()
  const first = api.get('/things')
  await fetching
  const next = api.get('/next')
  await setImmediate()
  stage.tokenAnswers.release()
  const callers = await tally([first, next])
  return { callers, sentForTheNext: stage.requestsFor('/next').length }
}

/** The same, and no new token can be had. */
export const newWhileReplacingFails: Situation = async (stage, api) => {
  await api.get('/first')
  stage.revoke()
  stage.refuseTokens(Number.POSITIVE_INFINITY)
  const fetching = stage.tokenAnswers.hold()
  const first = outcomeOf(api.get('/things'))
  await fetching
  const next = outcomeOf(api.get('/next'))
  await setImmediate()
  stage.tokenAnswers.release()
  return { first: await first, next: await next }
}

export const refusedForGood: Situation = async (stage, api) => {
  await api.get('/first')
  const tokenRequests = stage.tokenRequests()
  stage.refuseAll()
  const caller = await outcomeOf(api.get('/things'))
  return {
    caller,
    sent: stage.requestsFor('/things').length,
    tokenRequests: stage.tokenRequests() - tokenRequests,
  }
}

/** Which error the caller gets: that of its request, or that of the token request, with what was sent in it. */
export const noNewToken: Situation = async (stage, api) => {
  await api.get('/first')
  stage.revoke()
  stage.refuseTokens(Number.POSITIVE_INFINITY)
  const error = await api.get('/things').then(
    () => undefined,
    (error: AxiosError) => error,
  )
  const showsRefreshToken = inspect(error, { depth: 5 }).includes('fake-refresh')
  const path = new URL(error?.config?.url ?? '', stage.url).pathname
  return { path, status: error?.response?.status, showsRefreshToken }
}

/** How often the caller's own interceptor and transform see a request that is refused and sent again. */
export const ownInterceptors: Situation = async (stage, api) => {
  await api.get('/first')
  stage.revoke()
  const runs = { interceptor: 0, transform: 0 }
  api.interceptors.request.use((config) => {
    runs.interceptor += 1
    return config
  })
  const transformRequest = (data: string): string => {
    runs.transform += 1
    return [...data].reverse().join('')
  }
  await api.post('/things', 'abc', { transformRequest })
  return { ...runs, bodies: stage.requestsFor('/things').map(({ body }) => body.toString()) }
}

/** `validateStatus` makes an answer of the refusal. */
export const resolvedRefusal: Situation = async (stage, api) => {
  await api.get('/first')
  stage.revoke()
  return outcomeOf(api.get('/things', { validateStatus: () => true }))
}

export const streamedBody: Situation = async (stage, api) => {
  await api.get('/first')
  stage.revoke()
  const caller = await outcomeOf(api.post('/things', Readable.from(['some bytes'])))
  return { caller, bodies: stage.requestsFor('/things').map(({ body }) => body.toString()) }
}

/** What an absolute URL of another origin is sent. */
export const foreignOrigin: Situation = async (stage, api) => {
  await api.get('/first')
  await api.get(`${stage.foreign.url}/things`)
  return stage.foreign.requests.map(({ headers }) => headers.authorization)
}

/** What a request is sent with that brings an `Authorization` header. */
export const ownHeader: Situation = async (stage, api) => {
  await api.get('/first')
  await api.get('/things', {
    headers: { Authorization: 'Bearer fake-of-mine' },
    validateStatus: () => true,
  })
  return stage.requestsFor('/things')[0]?.headers.authorization
}

/** Does printing an error show the token? */
export const printedError: Situation = async (_, api) => {
  await api.get('/first')
  const error: unknown = await api
    .get('/things', { validateStatus: () => false })
    .catch((error: unknown) => error)
  return inspect(error, { depth: 5 }).includes('fake-token-1')
}

/** A request is aborted while the token is fetched that it waits for: is it over before that fetch is? */
export const abortedWhileWaiting: Situation = async (stage, api) => {
  const fetching = stage.tokenAnswers.hold()
  const leaving = new AbortController()
  let isOver = false
  const caller = outcomeOf(api.get('/things', { signal: leaving.signal })).finally(() => {
    isOver = true
  })
  await fetching
  leaving.abort()
  for (let n = 0; n < 5; n += 1) await fetch(stage.foreign.url)
  const isOverAtOnce = isOver
  stage.tokenAnswers.release()
  return { isOverAtOnce, caller: await caller }
}
