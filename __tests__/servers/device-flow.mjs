// @ts-expect-error it has no types
import { SlowDown } from 'oidc-provider/lib/helpers/errors.js'
import { grantWhatWasAsked } from './interactions.mjs'

/**
 * What the user does on the other device (RFC 8628), and what the server does while the first one polls.
 *
 * @param {any} provider
 * @param {{ interval?: number | undefined }} options in seconds; the provider by itself names none
 */
export function deviceFlow(provider, { interval }) {
  const { DeviceCode } = provider
  let slowDowns = 0

  provider.use(async (/** @type {any} */ context, /** @type {() => Promise<void>} */ next) => {
    await next()
    if (interval !== undefined && context.body?.device_code) context.body.interval = interval
  })

  // The provider never finds a poll too fast. Here the client has been authenticated, and the code is not looked at.
  const find = DeviceCode.find.bind(DeviceCode)
  DeviceCode.find = async (/** @type {unknown[]} */ ...args) => {
    if (slowDowns === 0) return find(...args)
    slowDowns -= 1
    throw new SlowDown()
  }

  /** @param {string} userCode */
  async function pending(userCode) {
    const code = await DeviceCode.findByUserCode(userCode.toUpperCase().replace(/\W/g, ''))
    if (!code) throw new Error(`there is no device code for the user code ${userCode}`)
    return code
  }

  return {
    /** @param {string} userCode @param {{ accountId?: string, acr?: string }} [user] */
    async approve(userCode, { accountId = 'alice', acr } = {}) {
      const code = await pending(userCode)
      const { clientId, params } = code
      const grantId = await grantWhatWasAsked(provider, { accountId, clientId, params })
      const { scope = '', resource } = params
      const authTime = Math.floor(Date.now() / 1000)
      await Object.assign(code, { accountId, grantId, scope, resource, acr, authTime }).save()
    },
    /** @param {string} userCode */
    async deny(userCode) {
      const errorDescription = 'the user said no'
      await Object.assign(await pending(userCode), { error: 'access_denied', errorDescription }).save()
    },
    /** @param {string} userCode */
    async expire(userCode) {
      const { jti } = await pending(userCode)
      // In the store, which would drop it altogether if it were saved with its time over.
      const stored = await DeviceCode.adapter.find(jti)
      stored.exp = stored.iat
    },
    /** @param {number} times */
    slowDown(times) {
      slowDowns = times
    },
  }
}
