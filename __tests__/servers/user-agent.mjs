/** @typedef {{ accountId?: string, acr?: string, deny?: boolean }} User */

/**
 * Plays the browser and the user in an authorization request: follows redirects until one leaves the server.
 *
 * @param {import('./http-client.mjs').HttpClient} send
 * @param {string} url of the authorization request
 * @param {User} user
 * @returns {Promise<string>} where it was sent at last, which is not requested
 */
export async function authorize(send, url, { accountId = 'alice', acr, deny = false }) {
  const cookies = cookieJar()
  const form = new URLSearchParams({ account_id: accountId, ...(acr && { acr }), ...(deny && { deny: '1' }) })
  const { origin } = new URL(url)
  let at = url
  for (;;) {
    const { pathname } = new URL(at)
    const body = pathname.startsWith('/interaction/') ? form : undefined
    const answer = await send(at, { body, headers: { cookie: cookies.get(pathname) } })
    const { location } = answer.headers
    // Also where a loop would end, as the provider forgets an interaction that is over.
    if (!location) throw new Error(`${at} answered ${answer.status}: ${answer.body}`)
    cookies.set(answer.headers['set-cookie'] ?? [])
    const next = new URL(location, at)
    if (next.origin !== origin) return location
    at = next.href
  }
}

/** Of one origin. */
function cookieJar() {
  /** @type {Map<string, { pair: string, path: string }>} */
  const jar = new Map()
  return {
    /** @param {string} pathname */
    get: (pathname) =>
      [...jar.values()]
        .filter(({ path }) => `${pathname}/`.startsWith(path.endsWith('/') ? path : `${path}/`))
        .map(({ pair }) => pair)
        .join('; '),
    /** @param {string[]} lines of `Set-Cookie` */
    set(lines) {
      for (const line of lines) {
        const pair = line.split(';')[0] ?? ''
        const path = /; *path=([^;]*)/i.exec(line)?.[1] ?? '/'
        const expires = /; *expires=([^;]*)/i.exec(line)?.[1]
        const key = `${pair.split('=')[0]} ${path}`
        if (expires && Date.parse(expires) < Date.now()) jar.delete(key)
        else jar.set(key, { pair, path })
      }
    },
  }
}
