/**
 * The last script of each page: a program that uses the library, as the one global `inPage`. Its type is `InPage`.
 *
 * @param {InPage['axios']} axios
 * @param {InPage['library']} library
 * @param {InPage['oauth']} [oauth]
 */
export function expose(axios, library, oauth) {
  const clock = { ahead: 0 }

  function begin({ adapter, urls, credentials }) {
    const instance = (config, ...interceptors) => {
      const made = axios.create({ adapter, ...config })
      for (const interceptor of interceptors) made.interceptors.request.use(interceptor)
      return made
    }
    const issuer = instance({ baseURL: urls.issuer }, library.basicAuth(credentials))
    const source = library.tokenSource(library.clientCredentials(issuer, { url: '/token' }), {
      now: () => Date.now() + clock.ahead,
      random: () => 0.5,
    })
    const api = instance({ baseURL: urls.api }, library.bearerAuth(source))
    const get = (url, config) => outcomeOf(api.get(url, config))
    Object.assign(globalThis.inPage, { urls, instance, source, api, get })
  }

  const outcomeOf = (request) =>
    request.then(
      ({ status }) => ({ status }),
      ({ name, code, message, response }) => ({
        ...{ name, code, message },
        ...(response && { status: response.status }),
      }),
    )

  const run = async (path) => (await import(/* @vite-ignore */ path)).default

  globalThis.inPage = { axios, library, oauth, clock, kept: {}, begin, outcomeOf, run }
}
