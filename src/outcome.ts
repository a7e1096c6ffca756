import type { AxiosError, AxiosResponse, InternalAxiosRequestConfig } from 'axios'
import { isOneShot } from './body'
import { causesOf } from './errors'
import type { Attachment } from './outgoing-request'
import { hideLinks, redactionOf, redactTexts, veil } from './redaction'

/** What came of a send: with `validateStatus: () => true` a refusal resolves, so both ways are looked at alike. */
export interface Outcome {
  /** Absent when there was none: a network error, an abort. */
  readonly response?: AxiosResponse | undefined
  /** Present when the adapter rejected. */
  readonly failed?: { readonly error: unknown }
  /** The scheme has learned from it all that was missing. */
  readonly isLearned?: boolean | undefined
}

export const failure = (error: unknown): Outcome => ({
  response: isAxiosError(error) ? error.response : undefined,
  failed: { error },
})

export const outcomeOf = (
  sending: Promise<AxiosResponse>,
  received = (outcome: Outcome): Outcome => outcome,
): Promise<Outcome> =>
  Promise.resolve(sending).then(
    (response) => received({ response }),
    (error: unknown) => received(failure(error)),
  )

/** Gives it to the caller as the adapter would have. */
export function handOver({ response, failed }: Outcome): AxiosResponse {
  if (failed) throw failed.error
  return response as AxiosResponse
}

/**
 * Makes an outcome fit to be seen: its config is the caller's own again, and neither the texts of an error nor the
 * adapter's request object shows what was attached.
 */
export function conceal(
  { response, failed }: Outcome,
  config: InternalAxiosRequestConfig,
  attachments: readonly Attachment[],
): void {
  const seen = failed ? [response, ...errorsOf(failed.error, config)] : [response]
  for (const one of seen) {
    if (!one) continue
    // Whatever the adapter made of the config that it was given, or passed on a copy of.
    if (one.config) one.config = config
    if (attachments.length > 0 && one.request) veilWhenSeen(one, attachments)
  }
  if (attachments.length === 0) return
  // A stream that was sent leads to the request that it was piped into.
  if (isOneShot(config.data)) hideLinks(config.data as object, redactionOf(attachments))
  if (isOneShot(response?.data)) hideLinks(response?.data as object, redactionOf(attachments))
  if (failed) redactTexts(failed.error, redactionOf(attachments))
}

/** Few look at it, so the veil is made for who does. */
function veilWhenSeen(one: AxiosError | AxiosResponse, attachments: readonly Attachment[]): void {
  const request: unknown = one.request
  if (typeof request !== 'object' || request === null) return
  let veiled: object | undefined
  Object.defineProperty(one, 'request', {
    get: () => {
      veiled ??= veil(request, redactionOf(attachments))
      return veiled
    },
    set: (value: unknown) => {
      Object.defineProperty(one, 'request', { value, enumerable: true, configurable: true, writable: true })
    },
    enumerable: true,
    configurable: true,
  })
}

/**
 * An error of axios, or one that an adapter made of the config that it was given; its response, and what it was made of:
 * older versions of axios wrap one of their own in another.
 */
const errorsOf = (error: unknown, config: InternalAxiosRequestConfig): (AxiosError | AxiosResponse)[] =>
  causesOf(error)
    .filter((cause): cause is AxiosError => isAxiosError(cause) || isMadeOf(cause, config))
    .flatMap((cause) => (cause.response ? [cause, cause.response] : [cause]))

/** Each copy of the config has the adapter that only this request has. */
const isMadeOf = (error: unknown, config: InternalAxiosRequestConfig): boolean =>
  (error as Partial<AxiosError> | undefined)?.config?.adapter === config.adapter

const isAxiosError = (error: unknown): error is AxiosError =>
  (error as AxiosError | undefined)?.isAxiosError === true
