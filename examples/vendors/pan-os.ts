// Palo Alto PAN-OS: "Authenticate your API requests" in the PAN-OS and Panorama API usage guide.
import axios, { type AxiosInstance } from 'axios'
import { apiKeyAuth } from 'axios-auth-interceptors'

export function panOs(baseURL: string, key: string): AxiosInstance {
  const api = axios.create({ baseURL })
  api.interceptors.request.use(apiKeyAuth({ name: 'X-PAN-KEY', value: key }))
  return api
}
