import type { AxiosAdapter, AxiosHeaders, InternalAxiosRequestConfig } from 'axios'
import type { AuthScheme } from './auth-scheme'
import { authenticate, limit } from './authenticate'
import { discard, isOneShot } from './body'
import { tooManyRedirects } from './errors'
import { conceal, failure, type Outcome, outcomeOf } from './outcome'
import { type Attachment, OutgoingRequest, type UriOf } from './outgoing-request'
import type { Patience } from './patience'
import type { ProtectionSpace } from './protection-space'
import { cleanLocation, guardRedirects, redirected } from './redirect'
import { SeenResponse } from './seen-response'
import { targetAt } from './target'

/** How one adapter wants to be used. */
export interface Sender {
  readonly adapter: AxiosAdapter
  readonly uriOf: UriOf
  /** A function of the user's own (a mock, say) may keep the config that it is given: it gets a copy. */
  readonly keepsConfig: boolean
  /** It is fetch: left alone it follows redirects unseen, and takes all headers but Authorization along. */
  readonly followsUnseen: boolean
  /** Has the request, on its way through all interceptors, credentials that are good for one URL only? */
  readonly signsUrl: boolean
}

/** Sends an authenticated request once, redirects included, and takes the credentials off whatever comes of it. */
export type Transmit = (request: OutgoingRequest, sender: Sender, patience: Patience) => Promise<Outcome>

// What keeps fetch itself from following a redirect: a wish of the caller's, or of one of our interceptors before this.
const OWN_WAYS: unknown[] = ['manual', 'error']
// As many as the http adapter follows.
const MOST_REDIRECTS = 21

export function transmission(scheme: AuthScheme, mayCarry: ProtectionSpace): Transmit {
  /** Sends a request, and what its redirects make of it. */
  async function follow(request: OutgoingRequest, sender: Sender, patience: Patience): Promise<Outcome> {
    const { config, attachments } = request
    const most = mostOf(config, sender)
    let hop = request
    let outcome = await sendByHand(hop, sender)
    for (let hops = 0; ; hops += 1) {
      const next = outcome.response && redirected(hop.config, hop.target.url, outcome.response)
      if (!next || most === 0 || isOneShot(next.data)) break
      discard(outcome.response?.data)
      if (!(hops < most)) return { failed: { error: tooManyRedirects(config) } }
      hop = await onward(next, request, attachments, patience)
      outcome = await sendByHand(hop, sender)
      if (!outcome.isLearned) continue
      // What was missing was missing here: the way up to here is not gone again.
      discard(outcome.response?.data)
      hop = await onward(next, request, attachments, patience)
      outcome = { ...(await sendByHand(hop, sender)), isLearned: false }
    }
    if (hop !== request) conceal(outcome, config, attachments)
    return outcome
  }

  /** The request to the next place, with the credentials if they may go there. */
  async function onward(
    next: InternalAxiosRequestConfig,
    request: OutgoingRequest,
    attachments: readonly Attachment[],
    patience: Patience,
  ): Promise<OutgoingRequest> {
    const url = new URL(next.url ?? '')
    const carry = mayCarry(targetAt(url), request.config)
    const hop = new OutgoingRequest({ ...next, url: url.href }, targetAt(url), request.uriOf)
    limit(hop, patience)
    if (!carry) return hop
    hop.carries = request.carries
    if (scheme.signsUrl) {
      await authenticate(scheme, hop, patience, request.config)
      // What is answered is answered for the whole way.
      request.carries = hop.carries
    } else for (const { place, value } of attachments) hop.attach(place, value)
    return hop
  }

  function sendByHand(request: OutgoingRequest, sender: Sender): Promise<Outcome> {
    request.override('fetchOptions', { ...request.config.fetchOptions, redirect: 'manual' })
    request.override('maxRedirects', 0)
    return sendOnce(request, sender)
  }

  function sendOnce(request: OutgoingRequest, { adapter, keepsConfig }: Sender): Promise<Outcome> {
    const { config } = request
    const sent: InternalAxiosRequestConfig = keepsConfig
      ? { ...config, headers: copyOf(config.headers) }
      : config
    const receive = (outcome: Outcome): Outcome => received(outcome, request)
    try {
      return outcomeOf(adapter(sent), receive)
    } catch (error) {
      // An adapter of the user's that throws at once has failed like one that rejects.
      return Promise.resolve(receive(failure(error)))
    }
  }

  function received(outcome: Outcome, request: OutgoingRequest): Outcome {
    const { config, attachments } = request
    request.restore()
    if (outcome.response) cleanLocation(outcome.response, request.target, attachments)
    conceal(outcome, config, attachments)
    if (!scheme.learn || !outcome.response || attachments.length === 0) return outcome
    return { ...outcome, isLearned: scheme.learn(new SeenResponse(outcome.response), request) }
  }

  return (request, sender, patience) => {
    const { config, attachments } = request
    if (attachments.length === 0) return sendOnce(request, sender)
    const isByHand = sender.followsUnseen
      ? !OWN_WAYS.includes(config.fetchOptions?.redirect)
      : sender.signsUrl
    if (isByHand) return follow(request, sender, patience)
    if (config.maxRedirects !== 0)
      request.override('beforeRedirect', guardRedirects(config, mayCarry, attachments))
    return sendOnce(request, sender)
  }
}

/** A hook of the user's that may refuse a redirect is never passed over: such a redirect is handed to the caller. */
function mostOf(
  { maxRedirects, beforeRedirect }: InternalAxiosRequestConfig,
  { followsUnseen }: Sender,
): number {
  return beforeRedirect && !followsUnseen ? 0 : (maxRedirects ?? MOST_REDIRECTS)
}

/** A plain copy: what AxiosHeaders does to copy itself takes longer than all the rest. */
const copyOf = (headers: AxiosHeaders): AxiosHeaders =>
  Object.assign(Object.create(Object.getPrototypeOf(headers) as object) as AxiosHeaders, headers)
