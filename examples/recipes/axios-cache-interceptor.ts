import axios from 'axios'
import { bearerAuth, tokenRequest, tokenSource } from 'axios-auth-interceptors'
import { type AxiosCacheInstance, buildKeyGenerator, setupCache } from 'axios-cache-interceptor'

/** One instance for all tenants: a request says by its header `X-Tenant` whose it is. */
export function connect(apiUrl: string, issuerUrl: string): AxiosCacheInstance {
  // First: an answer from the cache then waits for no token.
  const api = setupCache(axios.create({ baseURL: apiUrl, timeout: 10_000 }), {
    // The default has no header in it, so one tenant would be given what another one has asked for.
    generateKey: buildKeyGenerator(({ baseURL, url, method, params, data, headers }) => ({
      ...{ baseURL, url, method, params, data },
      tenant: tenantOf(headers),
    })),
  })

  const issuer = axios.create({ baseURL: issuerUrl, timeout: 5_000 })
  const tokens = tokenSource(
    tokenRequest(issuer, ({ key }) => ({ method: 'post', url: `/${key}/token` })),
    { key: ({ headers }) => tenantOf(headers) },
  )
  api.interceptors.request.use(bearerAuth(tokens))
  return api
}

function tenantOf(headers: object | undefined): string {
  const tenant: unknown = Object(headers)['X-Tenant']
  if (typeof tenant !== 'string') throw new Error('a request of this instance needs the header X-Tenant')
  return tenant
}
