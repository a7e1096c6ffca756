import { AuthError } from '../errors'

/**
 * Workers stop what an incoming request has begun as soon as it is answered: it never ends, and whoever waits for it in
 * another request is told so by an error of the runtime. Our own work fails with an `AuthError` only.
 */
export const wasStopped = (error: unknown): boolean => !(error instanceof AuthError)
