import type { AxiosResponse, InternalAxiosRequestConfig } from 'axios'
import type { AuthScheme } from './auth-scheme'
import { authenticate } from './authenticate'
import { type AuthEvent, type EventListener, emitter } from './events'
import { assertOptions } from './option'
import { handOver } from './outcome'
import { OutgoingRequest } from './outgoing-request'
import { Patience } from './patience'
import { type Origins, protectionSpace } from './protection-space'
import { type ReplayMark, replaying } from './replay'
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

const OPTIONS = ['origins', 'onEvent']

/** Carries one request to its response. */
export type Exchange = (
  config: InternalAxiosRequestConfig,
  target: Target,
  sender: Sender,
  mark: ReplayMark,
) => Promise<AxiosResponse>

/** Authenticates, sends, and if the scheme says that it is worth it, authenticates anew and sends once more. */
export function exchangeOf(scheme: AuthScheme, options: TravelOptions): Exchange {
  assertOptions('options', options, OPTIONS)
  const mayCarry = protectionSpace(options.origins)
  const asksForUrl = typeof options.origins === 'function'
  const transmit = transmission(scheme, mayCarry)
  const emit = emitter(options.onEvent)
  const replays = replaying(scheme, transmit, emit)

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
    const patience = new Patience(request.config)
    try {
      // Where there is nothing to wait for, nothing waits: each await is a turn that the request loses.
      const pending = authenticate(scheme, request, patience)
      if (pending) await pending
      const isAttached = request.attachments.length > 0
      if (!isAttached) skip('own-credentials', request.target)
      const outcome = await transmit(request, sender, patience)
      if (!isAttached) return handOver(outcome)
      const why = replays.whyAgain(outcome, request, mark, patience)
      return why
        ? await replays.sendAgain(why, outcome, { request, sender, mark, patience })
        : handOver(outcome)
    } finally {
      request.close()
    }
  }
}
