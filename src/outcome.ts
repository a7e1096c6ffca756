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

export async function outcomeOf(sending: Promise<AxiosResponse>): Promise<Outcome> {
  try {
    return { response: await sending }
  } catch (error) {
    return { response: isAxiosError(error) ? error.response : undefined, failed: { error } }
  }
}

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
  sent: object,
  config: InternalAxiosRequestConfig,
  attachments: readonly Attachment[],
): void {
  const seen = [response, ...errorsOf(failed?.error)].filter((one) => one !== undefined)
  for (const one of seen) if (one.config === sent) one.config = config
  const request: unknown = seen.find((one) => one.request)?.request
  const isStream = isOneShot(response?.data)
  // Most adapters of a user's own (a mock) give nothing to be looked at.
  const isStreamed = isOneShot(config.data)
  if (attachments.length === 0 || !(request || isStream || isStreamed || failed)) return
  const redact = redactionOf(attachments)
  const veiled = typeof request === 'object' && request !== null ? veil(request, redact) : undefined
  for (const one of seen) if (one.request && veiled) one.request = veiled
  // A stream that was sent leads to the request that it was piped into.
  if (isStreamed) hideLinks(config.data as object, redact)
  if (isStream) hideLinks(response?.data as object, redact)
  if (failed) redactTexts(failed.error, redact)
}

/** An error of axios, its response, and what it was made of: older versions wrap one of their own in another. */
const errorsOf = (error: unknown): (AxiosError | AxiosResponse)[] =>
  causesOf(error)
    .filter(isAxiosError)
    .flatMap((cause) => (cause.response ? [cause, cause.response] : [cause]))

const isAxiosError = (error: unknown): error is AxiosError =>
  (error as AxiosError | undefined)?.isAxiosError === true
