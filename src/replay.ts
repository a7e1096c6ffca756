import type { AxiosError, AxiosResponse, InternalAxiosRequestConfig } from 'axios'
import type { AuthScheme } from './auth-scheme'
import { authenticate, limit } from './authenticate'
import { type BodySetAside, discard, isOneShot, setAside } from './body'
import { AuthError, attachCause } from './errors'
import type { AuthEvent } from './events'
import { isPromise } from './option'
import { handOver, type Outcome } from './outcome'
import type { OutgoingRequest } from './outgoing-request'
import type { Patience } from './patience'
import { SeenResponse } from './seen-response'
import type { Sender, Transmit } from './transmission'

/** Has this request had its replay? It is known across all interceptors of ours and all re-sends of its config. */
export interface ReplayMark {
  replayed: boolean
}

/** Why a request is sent again: the scheme learned what was missing, or has other credentials. */
type Reason = 'lesson' | 'replay'
/** What it was sent again for already. */
type Had = Record<Reason, boolean>

/** What all sends of a request share. */
interface Sending {
  readonly request: OutgoingRequest
  readonly sender: Sender
  readonly mark: ReplayMark
  readonly patience: Patience
}

/** Judges the answers to a request, and sends again what is worth it: once for a lesson, and once as the replay. */
export interface Replaying {
  /** Most answers say at once that there is no reason. */
  whyAgain(
    outcome: Outcome,
    request: OutgoingRequest,
    mark: ReplayMark,
    patience: Patience,
    had?: Had,
  ): Reason | undefined | Promise<Reason | undefined>
  /** A function of its own: an async one costs what all of it would need, each time. */
  sendAgain(
    first: Reason | Promise<Reason | undefined>,
    refusal: Outcome,
    sending: Sending,
  ): Promise<AxiosResponse>
}

const NOTHING: Readonly<Had> = { lesson: false, replay: false }

export function replaying(
  scheme: AuthScheme,
  transmit: Transmit,
  emit: (event: AuthEvent) => void,
): Replaying {
  const whyAgain: Replaying['whyAgain'] = (outcome, request, mark, patience, had = NOTHING) => {
    if (!outcome.response) return undefined
    const { status, data } = outcome.response as AxiosResponse<unknown>
    const hasLearned = outcome.isLearned === true && !had.lesson
    const verdict = (isWorthIt: boolean): Reason | undefined => {
      if (isWorthIt || status === 401) emit({ type: 'refused', status, origin: request.target.origin })
      if (hasLearned) return 'lesson'
      return isWorthIt && !mark.replayed ? 'replay' : undefined
    }
    if (hasLearned || had.replay || !scheme.answer) return verdict(false)
    try {
      const answer = scheme.answer(new SeenResponse(outcome.response), request)
      return isPromise(answer)
        ? patience
            .wait(Promise.resolve(answer))
            .then(verdict)
            .catch((error: unknown) => letGo(data, error))
        : verdict(answer)
    } catch (error) {
      return letGo(data, error)
    }
  }

  const sendAgain: Replaying['sendAgain'] = async (first, refusal, { request, sender, mark, patience }) => {
    const { config, target } = request
    const had = { ...NOTHING }
    let outcome = refusal
    for (let why = await first; why; why = await whyAgain(outcome, request, mark, patience, had)) {
      if (isOneShot(config.data)) break
      const aside = setAside(outcome.response?.data)
      try {
        await authenticate(scheme, request, patience)
      } catch (failure) {
        return standing(outcome as Refusal, aside, failure, config, patience)
      }
      aside?.discard()
      limit(request, patience)
      had[why] = true
      if (why === 'replay') {
        mark.replayed = true
        emit({ type: 'replayed', origin: target.origin })
      }
      outcome = await transmit(request, sender, patience)
    }
    return handOver(outcome)
  }

  return { whyAgain, sendAgain }
}

/** Nobody will read the body of a response that was not judged. */
function letGo(body: unknown, error: unknown): never {
  discard(body)
  throw error
}

interface Refusal extends Outcome {
  readonly response: AxiosResponse
}

/** No other credentials are to be had: the refusal stands, as the caller would see it without us, if it still waits. */
function standing(
  outcome: Refusal,
  aside: BodySetAside | undefined,
  failure: unknown,
  config: InternalAxiosRequestConfig,
  patience: Patience,
): AxiosResponse {
  try {
    if (isDeparture(failure, config)) throw failure
    patience.left()
    if (aside) outcome.response.data = aside.restore()
  } catch (departure) {
    aside?.discard()
    throw departure
  }
  if (outcome.failed) attachCause(outcome.failed.error as Error, failure)
  return handOver(outcome)
}

/** Did the caller of this request leave, so that no answer is owed? Its timer may fire before the clock says that time is over. */
const isDeparture = (failure: unknown, config: InternalAxiosRequestConfig): boolean =>
  !(failure instanceof AuthError) && (failure as AxiosError | undefined)?.config === config
