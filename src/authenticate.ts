import type { InternalAxiosRequestConfig } from 'axios'
import type { AuthScheme } from './auth-scheme'
import { AuthError } from './errors'
import type { OutgoingRequest } from './outgoing-request'
import type { Patience } from './patience'

/** Has the scheme attach its credentials. Gives a promise only where there is something to wait for. */
export function authenticate(
  scheme: AuthScheme,
  request: OutgoingRequest,
  patience: Patience,
  caller: InternalAxiosRequestConfig = request.config,
): Promise<void> | undefined {
  try {
    const pending = scheme.authenticate(request)
    return pending ? waited(Promise.resolve(pending), request, patience, caller) : undefined
  } catch (error) {
    throw ofCaller(error, caller)
  }
}

async function waited(
  pending: Promise<void>,
  request: OutgoingRequest,
  patience: Patience,
  caller: InternalAxiosRequestConfig,
): Promise<void> {
  try {
    await patience.wait(pending)
    limit(request, patience)
  } catch (error) {
    throw ofCaller(error, caller)
  }
}

const ofCaller = (error: unknown, caller: InternalAxiosRequestConfig): unknown =>
  error instanceof AuthError && !error.config ? error.of(caller) : error

/** The caller's `timeout` is for everything: what waiting took is no longer there for sending. */
export function limit(request: OutgoingRequest, patience: Patience): void {
  const left = patience.left()
  if (left === undefined) return
  const { timeout, timeoutErrorMessage } = request.config
  request.override('timeoutErrorMessage', timeoutErrorMessage ?? `timeout of ${timeout}ms exceeded`)
  request.override('timeout', left)
}
