import type { AxiosAdapter, AxiosHeaders, InternalAxiosRequestConfig } from 'axios'
import type { AuthScheme } from './auth-scheme'
import { authenticate } from './authenticate'
import { isOneShot, setAside } from './body'
import { tooManyRedirects } from './errors'
import { conceal, type Outcome, outcomeOf } from './outcome'
import { type Attachment, OutgoingRequest, type UriOf } from './outgoing-request'
import type { Patience } from './patience'
import type { ProtectionSpace } from './protection-space'
import { guardRedirects, redirected, withoutParam } from './redirect'
import { SeenResponse } from './seen-response'
import { targetAt } from './target'

/** How one adapter wants to be used. */
export interface Sender {
  readonly adapter: AxiosAdapter
  readonly uriOf: UriOf
  /** A function of the user's own (a mock, say) may keep the config that it is given: it gets a copy. */
  readonly keepsConfig: boolean
  /** It can be kept from following redirects: then we follow them ourselves, and each is judged like a request. */
  readonly showsRedirects: boolean
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
    const most = config.maxRedirects ?? MOST_REDIRECTS
    let hop = request
    let outcome = await sendByHand(hop, sender)
    for (let hops = 0; ; hops += 1) {
      const next = outcome.response && redirected(hop.config, hop.target.url, outcome.response)
      if (!next || (next.data !== undefined && isOneShot(next.data))) break
      setAside(outcome.response?.data)?.discard()
      if (hops === most) return { failed: { error: tooManyRedirects(config) } }
      hop = await onward(next, request, attachments, patience)
      outcome = await sendByHand(hop, sender)
      if (!outcome.isLearned) continue
      // What was missing was missing here: the way up to here is not gone again.
      setAside(outcome.response?.data)?.discard()
      hop = await onward(next, request, attachments, patience)
      outcome = { ...(await sendByHand(hop, sender)), isLearned: false }
    }
    if (hop !== request) conceal(outcome, hop.config, config, attachments)
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
    // A server may echo what it was sent. What is signed is signed anew.
    if (!carry || scheme.signsUrl)
      for (const { place } of attachments) if (place.in === 'query') withoutParam(url, place.name)
    const hop = new OutgoingRequest({ ...next, url: url.href }, targetAt(url), request.uriOf)
    if (!carry) return hop
    if (scheme.signsUrl) {
      hop.carries = request.carries
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

  async function sendOnce(request: OutgoingRequest, { adapter, keepsConfig }: Sender): Promise<Outcome> {
    const { config, attachments } = request
    const sent: InternalAxiosRequestConfig = keepsConfig
      ? { ...config, headers: copyOf(config.headers) }
      : config
    const outcome = await outcomeOf(adapter(sent))
    request.restore()
    conceal(outcome, sent, config, attachments)
    if (!scheme.learn || !outcome.response || attachments.length === 0) return outcome
    return { ...outcome, isLearned: scheme.learn(new SeenResponse(outcome.response), request) }
  }

  return (request, sender, patience) => {
    const { config, attachments } = request
    if (attachments.length === 0 || config.maxRedirects === 0) return sendOnce(request, sender)
    const isShown = sender.showsRedirects && (sender.signsUrl || !hasOwnWay(config))
    if (isShown && !OWN_WAYS.includes(config.fetchOptions?.redirect)) return follow(request, sender, patience)
    request.override('beforeRedirect', guardRedirects(config, mayCarry, attachments))
    return sendOnce(request, sender)
  }
}

/** What only the http adapter's own way of following knows: hooks, and a stream that it keeps to send it again. */
const hasOwnWay = (config: InternalAxiosRequestConfig & { sensitiveHeaders?: unknown }): boolean =>
  Boolean(config.beforeRedirect ?? config.transport ?? config.sensitiveHeaders) || isOneShot(config.data)

/** A plain copy: what AxiosHeaders does to copy itself takes longer than all the rest. */
const copyOf = (headers: AxiosHeaders): AxiosHeaders =>
  Object.assign(Object.create(Object.getPrototypeOf(headers) as object) as AxiosHeaders, headers)
