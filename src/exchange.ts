import type { AxiosError, AxiosResponse, InternalAxiosRequestConfig } from 'axios'
import type { AuthScheme } from './auth-scheme'
import { authenticate, limit } from './authenticate'
import { type BodySetAside, isOneShot, setAside } from './body'
import { AuthError, attachCause } from './errors'
import { type AuthEvent, type EventListener, emitter } from './events'
import { assertObject, isPromise } from './option'
import { handOver, type Outcome } from './outcome'
import { OutgoingRequest } from './outgoing-request'
import { Patience } from './patience'
import { type Origins, protectionSpace } from './protection-space'
import { SeenResponse } from './seen-response'
import { type Target, targetAt } from './target'
import { type Sender, transmission } from './transmission'

/** Where credentials may travel, and who is told. All interceptors have these options. */
export interface TravelOptions {
  /**
   * Where the credentials may go: origins, or a function that is asked with the final URL. A plain-http origin must be listed.
   * @default the origin of the request's `baseURL`, if it is https or on this machine
   */
  readonly origins?: Origins | undefined
  /** Is told what happens to each request. What it throws is ignored. */
  readonly onEvent?: EventListener<AuthEvent> | undefined
}

/** Has this request had its replay? It is known across all interceptors of ours and all re-sends of its config. */
export interface ReplayMark {
  replayed: boolean
}

/** Carries one request to its response. */
export type Exchange = (
  config: InternalAxiosRequestConfig,
  target: Target,
  sender: Sender,
  mark: ReplayMark,
) => Promise<AxiosResponse>

/** Authenticates, sends, and if the scheme says that it is worth it, authenticates anew and sends once more. */
export function exchangeOf(scheme: AuthScheme, options: TravelOptions): Exchange {
  assertObject('options', options)
  const mayCarry = protectionSpace(options.origins)
  const asksForUrl = typeof options.origins === 'function'
  const transmit = transmission(scheme, mayCarry)
  const emit = emitter(options.onEvent)

  const skip = (reason: 'origin' | 'own-credentials' | 'opted-out', { origin }: Target): void => {
    emit({ type: 'skipped', reason, origin })
  }

  return (config, target, sender, mark) => {
    if (config.authenticate === false) {
      skip('opted-out', target)
      return sender.adapter(config)
    }
    const asked = asksForUrl ? targetAt(new URL(sender.uriOf(target.url, config))) : target
    if (mayCarry(asked, config)) return drive(new OutgoingRequest(config, target, sender.uriOf), sender, mark)
    skip('origin', target)
    return sender.adapter(config)
  }

  async function drive(request: OutgoingRequest, sender: Sender, mark: ReplayMark): Promise<AxiosResponse> {
    const { config, target } = request
    const patience = new Patience(config)
    let isReplay = false
    let isLearned = false
    try {
      // Where there is nothing to wait for, nothing waits: each await is a turn that the request loses.
      const pending = authenticate(scheme, request, patience)
      if (pending) await pending
      const isAttached = request.attachments.length > 0
      if (!isAttached) skip('own-credentials', target)
      for (;;) {
        const outcome = await transmit(request, sender, patience)
        if (!isAttached || !outcome.response) return handOver(outcome)

        const response = new SeenResponse(outcome.response)
        const mayLearn = !isLearned && outcome.isLearned === true
        const answer = !mayLearn && !isReplay && scheme.answer ? scheme.answer(response, request) : false
        const isWorthIt = isPromise(answer) ? await answer : answer
        const { origin } = target
        if (isWorthIt || response.status === 401) emit({ type: 'refused', status: response.status, origin })
        const isAgain = mayLearn || (isWorthIt && !mark.replayed)
        if (!isAgain || isOneShot(config.data)) return handOver(outcome)

        const aside = setAside(outcome.response.data)
        try {
          await authenticate(scheme, request, patience)
        } catch (failure) {
          return await standing(outcome as Refusal, aside, failure, config, patience)
        }
        aside?.discard()
        limit(request, patience)
        if (mayLearn) isLearned = true
        else {
          isReplay = mark.replayed = true
          emit({ type: 'replayed', origin })
        }
      }
    } finally {
      request.close()
    }
  }
}

interface Refusal extends Outcome {
  readonly response: AxiosResponse
}

/** No other credentials are to be had: the refusal stands, as the caller would see it without us, if it still waits. */
async function standing(
  outcome: Refusal,
  aside: BodySetAside | undefined,
  failure: unknown,
  config: InternalAxiosRequestConfig,
  patience: Patience,
): Promise<AxiosResponse> {
  try {
    if (isDeparture(failure, config)) throw failure
    patience.left()
    if (aside) outcome.response.data = await patience.wait(aside.restore())
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
