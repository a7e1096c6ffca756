import axios, { type AxiosInstance } from 'axios'
import { AuthError, bearerAuth, clientCredentials } from 'axios-auth-interceptors'
import axiosRetry, {
  exponentialDelay,
  isNetworkOrIdempotentRequestError,
  isRetryableError,
} from 'axios-retry'

export interface Setting {
  readonly issuerUrl: string
  readonly apiUrl: string
  readonly clientId: string
  readonly clientSecret: string
}

export function connect({ issuerUrl, apiUrl, clientId, clientSecret }: Setting): AxiosInstance {
  const issuer = axios.create({ baseURL: issuerUrl, timeout: 5_000 })
  // A token request is a POST, which the default does not retry. This one does no harm if it comes twice.
  axiosRetry(issuer, { retries: 3, retryDelay: exponentialDelay, retryCondition: isRetryableError })

  const api = axios.create({ baseURL: apiUrl, timeout: 10_000 })
  api.interceptors.request.use(
    bearerAuth(clientCredentials(issuer, { url: '/token', clientId, clientSecret })),
  )
  axiosRetry(api, {
    retries: 3,
    retryDelay: exponentialDelay,
    // Without a token nothing was sent, and the issuer's instance has had its retries.
    retryCondition: (error) => !(error instanceof AuthError) && isNetworkOrIdempotentRequestError(error),
  })
  return api
}
