import { text } from 'node:stream/consumers'

/**
 * The pages on which a user logs in and consents: whoever posts `account_id` is that user, and consents to everything
 * that was asked; `deny` refuses.
 *
 * @param {any} provider
 */
export function answerInteractions(provider) {
  provider.use(async (/** @type {any} */ context, /** @type {() => Promise<void>} */ next) => {
    if (context.method !== 'POST' || !context.path.startsWith('/interaction/')) return next()
    const { req, res } = context
    const decision = new URLSearchParams(await text(req))
    const { params, grantId } = await provider.interactionDetails(req, res)
    const accountId = decision.get('account_id')
    const client = { accountId, clientId: params.client_id }
    context.status = 303
    context.redirect(
      await provider.interactionResult(
        req,
        res,
        decision.has('deny')
          ? { error: 'access_denied', error_description: 'the user said no' }
          : {
              login: { accountId, acr: decision.get('acr') ?? params.acr_values?.split(' ')[0] },
              consent: { grantId: await grantWhatWasAsked(provider, { ...client, params, grantId }) },
            },
      ),
    )
  })
}

/**
 * @param {any} provider
 * @param {object} asked
 * @param {string | null} asked.accountId
 * @param {string} asked.clientId
 * @param {{ scope?: string, resource?: string | string[] }} asked.params
 * @param {string} [asked.grantId] of a grant that the user gave before, to add to
 * @returns {Promise<string>} the id of the grant
 */
export async function grantWhatWasAsked(provider, { accountId, clientId, params, grantId }) {
  const grant =
    (grantId && (await provider.Grant.find(grantId))) || new provider.Grant({ accountId, clientId })
  const { scope, resource = [] } = params
  if (scope) {
    grant.addOIDCScope(scope)
    for (const one of [resource].flat()) grant.addResourceScope(one, scope)
  }
  return grant.save()
}
