import {
  type DeviceAuthorizationResponse,
  deviceAuthorizationRequest,
  processDeviceAuthorizationResponse,
} from 'oauth4webapi'
import { AuthError } from '../errors'
import { assertFunction, assertOptions } from '../option'
import type { TokenResponse } from '../tokens/access-token'
import { GRANT_PARAMETERS, type GrantParameters, parametersOf } from '../tokens/grants'
import { isTransient } from '../tokens/token-failure'
import type { FetchContext, FetchToken } from '../tokens/token-fetch'
import type { Endpoints } from './endpoints'
import { grantAt, readWith, requestOf } from './token-endpoint'
import { wait } from './wait'

/** What the user has to be shown, in the words of RFC 8628 section 3.2. */
export interface UserPrompt {
  /** What the user enters there. */
  readonly user_code: string
  /** Where the user goes. */
  readonly verification_uri: string
  /** The same with the code in it, for a QR code. */
  readonly verification_uri_complete?: string
  /** How long the code may be entered, in seconds. */
  readonly expires_in: number
  /** Seconds between two polls. */
  readonly interval?: number
}

/** What token is asked for, and how the user is told. */
export interface DeviceAuthorizationOptions extends GrantParameters {
  /** Shows the user where to go (`verification_uri`) and what to enter there (`user_code`). Polling begins when it returns. */
  readonly onUserCode: (prompt: UserPrompt) => void | Promise<void>
  /** Waits so many milliseconds, for tests. Rejects when the signal aborts. */
  readonly wait?: ((milliseconds: number, signal: AbortSignal) => Promise<void>) | undefined
}

const GRANT_TYPE = 'urn:ietf:params:oauth:grant-type:device_code'
// RFC 8628 section 3.5. Seconds.
const DEFAULT_INTERVAL = 5
const SLOWER = 5
// What setTimeout can hold: the code's own `expires_in` is what ends it.
const AS_LONG_AS_IT_TAKES = 2 ** 31 - 1

interface DeviceContext extends FetchContext {
  readonly deviceCode: string
}

/** Fetches a token that the user grants on another device: RFC 8628. */
export function deviceAuthorization(endpoints: Endpoints, options: DeviceAuthorizationOptions): FetchToken {
  assertOptions('options', options, [...GRANT_PARAMETERS, 'onUserCode', 'wait'])
  const { onUserCode, wait: waitFor = wait } = options
  if ((onUserCode as unknown) === undefined)
    throw new TypeError('`onUserCode` must be a function that shows the code to the user')
  assertFunction('onUserCode', onUserCode)
  assertFunction('wait', waitFor)
  const wanted = parametersOf(options)
  const poll = grantAt(endpoints, GRANT_TYPE, {}, ({ deviceCode }: DeviceContext) => ({
    device_code: deviceCode,
  }))

  async function begin(context: FetchContext): Promise<DeviceAuthorizationResponse> {
    const { party, response } = await endpoints.ask(
      'device authorization request',
      ({ metadata, client, authentication }, options) =>
        deviceAuthorizationRequest(metadata, client, authentication, requestOf({}, wanted, context), options),
      context,
    )
    return readWith(
      ({ metadata, client }) => processDeviceAuthorizationResponse(metadata, client, response),
      party,
    )
  }

  async function fetchToken(context: FetchContext): Promise<TokenResponse> {
    const { device_code: deviceCode, ...prompt } = await begin(context)
    await shown(onUserCode, prompt)
    let interval = prompt.interval ?? DEFAULT_INTERVAL
    let left = prompt.expires_in
    while (interval <= left) {
      left -= interval
      await waitFor(interval * 1000, context.signal)
      try {
        return await poll({ ...context, deviceCode, parameters: {} })
      } catch (error) {
        interval = slowedDown(interval, error)
      }
    }
    throw new AuthError(
      `The user has not entered the code within ${prompt.expires_in} s`,
      'ERR_AUTH_TOKEN_REQUEST',
      { error: 'expired_token' },
    )
  }
  return Object.assign(fetchToken, { timeout: AS_LONG_AS_IT_TAKES })
}

async function shown(
  onUserCode: DeviceAuthorizationOptions['onUserCode'],
  prompt: UserPrompt,
): Promise<void> {
  try {
    await onUserCode(prompt)
  } catch (cause) {
    throw new AuthError('`onUserCode` failed to show the code', 'ERR_AUTH_CREDENTIALS', { cause })
  }
}

/** How long to wait before the next poll, in seconds; throws if there is to be none. */
function slowedDown(interval: number, error: unknown): number {
  if (error instanceof AuthError && error.error === 'authorization_pending') return interval
  if (error instanceof AuthError && error.error === 'slow_down') return interval + SLOWER
  // RFC 8628 section 3.5: when the server cannot be reached, ever less often.
  if (isTransient(error)) return interval * 2
  throw error
}
