import type { AxiosAdapter, AxiosHeaders, InternalAxiosRequestConfig } from 'axios'
import type { AuthScheme } from './auth-scheme'
import { isOneShot, setAside } from './body'
import { conceal, type Outcome, outcomeOf } from './outcome'
import { type Attachment, OutgoingRequest, type UriOf } from './outgoing-request'
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
  /** Redirects would be followed unseen, or with credentials that are good for one URL only: we follow them ourselves. */
  readonly isFollowedByHand: boolean
}

// What keeps fetch itself from following a redirect: a wish of the caller's, or of one of our interceptors before this.
const OWN_WAYS: unknown[] = ['manual', 'error']
// As many as fetch follows.
const MOST_REDIRECTS = 20

/** Sends an authenticated request once, redirects included, and takes the credentials off whatever comes of it. */
export function transmit(
  request: OutgoingRequest,
  scheme: AuthScheme,
  sender: Sender,
  mayCarry: ProtectionSpace,
): Promise<Outcome> {
  const { config, attachments } = request
  if (attachments.length > 0)
    request.override('beforeRedirect', guardRedirects(config, mayCarry, attachments))
  if (
    attachments.length === 0 ||
    !sender.isFollowedByHand ||
    OWN_WAYS.includes(config.fetchOptions?.redirect)
  )
    return sendOnce(request, scheme, sender)
  return follow(request, scheme, sender, mayCarry)
}

/** Sends a request, and what its redirects make of it. */
async function follow(
  request: OutgoingRequest,
  scheme: AuthScheme,
  sender: Sender,
  mayCarry: ProtectionSpace,
): Promise<Outcome> {
  const { config, attachments } = request
  let hop = request
  let outcome = await sendByHand(hop, scheme, sender)
  const most = config.maxRedirects === 0 ? 0 : MOST_REDIRECTS
  for (let hops = 0; hops < most; hops += 1) {
    const next = outcome.response && redirected(hop.config, hop.target.url, outcome.response)
    if (!next || (next.data !== undefined && isOneShot(next.data))) break
    setAside(outcome.response?.data)?.discard()
    hop = await onward(next, request, scheme, mayCarry, attachments)
    outcome = await sendByHand(hop, scheme, sender)
  }
  if (hop !== request) conceal(outcome, hop.config, config, attachments)
  return outcome
}

/** The request to the next place, with the credentials if they may go there. */
async function onward(
  next: InternalAxiosRequestConfig,
  request: OutgoingRequest,
  scheme: AuthScheme,
  mayCarry: ProtectionSpace,
  attachments: readonly Attachment[],
): Promise<OutgoingRequest> {
  const url = new URL(next.url ?? '')
  const carry = mayCarry(targetAt(url), request.config)
  if (!carry) for (const { place } of attachments) if (place.in === 'query') withoutParam(url, place.name)
  const hop = new OutgoingRequest({ ...next, url: url.href }, targetAt(url), request.uriOf)
  if (carry && scheme.signsUrl) {
    await scheme.authenticate(hop)
    // What is answered is answered for the whole way.
    request.carries = hop.carries
  } else if (carry) for (const { place, value } of attachments) hop.attach(place, value)
  return hop
}

function sendByHand(request: OutgoingRequest, scheme: AuthScheme, sender: Sender): Promise<Outcome> {
  request.override('fetchOptions', { ...request.config.fetchOptions, redirect: 'manual' })
  if (scheme.signsUrl) request.override('maxRedirects', 0)
  return sendOnce(request, scheme, sender)
}

async function sendOnce(
  request: OutgoingRequest,
  scheme: AuthScheme,
  { adapter, keepsConfig }: Sender,
): Promise<Outcome> {
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

/** A plain copy: what AxiosHeaders does to copy itself takes longer than all the rest. */
const copyOf = (headers: AxiosHeaders): AxiosHeaders =>
  Object.assign(Object.create(Object.getPrototypeOf(headers) as object) as AxiosHeaders, headers)
