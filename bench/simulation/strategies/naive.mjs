/**
 * What one finds on the web: fetches when there is no token and when the API refused it, once for each request.
 *
 * @type {import('../run.mjs').Strategy}
 */
export function naive({ ask }) {
  /** @type {import('../run.mjs').Token | undefined} */
  let token
  async function fetchToken() {
    const { access_token } = await ask()
    token = { value: access_token }
    return token
  }
  return {
    token: () => token ?? fetchToken(),
    refused: fetchToken,
  }
}
