import { AxiosError, AxiosHeaders, type AxiosResponse, type InternalAxiosRequestConfig } from 'axios'

/** An answer as the adapters of axios give it: it resolves or rejects as `validateStatus` says, and its body is text. */
export async function httpAnswer(
  config: InternalAxiosRequestConfig,
  status: number,
  body: object = {},
  headers: Record<string, string> = {},
): Promise<AxiosResponse> {
  const response: AxiosResponse = {
    status,
    statusText: '',
    data: JSON.stringify(body),
    headers: new AxiosHeaders({ 'content-type': 'application/json', ...headers }),
    config,
    request: {},
  }
  if (!config.validateStatus || config.validateStatus(status)) return response
  const code = status >= 500 ? AxiosError.ERR_BAD_RESPONSE : AxiosError.ERR_BAD_REQUEST
  throw new AxiosError(`Request failed with status code ${status}`, code, config, {}, response)
}

export const noAnswer = (config: InternalAxiosRequestConfig): AxiosError =>
  new AxiosError(`timeout of ${config.timeout}ms exceeded`, AxiosError.ECONNABORTED, config, {})
