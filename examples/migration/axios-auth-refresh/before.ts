import axios, { type AxiosInstance } from 'axios'
import { createAuthRefresh } from 'axios-auth-refresh'

type Store = Pick<Storage, 'getItem' | 'setItem'>

export function connect(baseURL: string, storage: Store = localStorage): AxiosInstance {
  const api = axios.create({ baseURL })
  api.interceptors.request.use((request) => {
    request.headers.Authorization = `Bearer ${storage.getItem('token')}`
    return request
  })
  createAuthRefresh(api, async (failedRequest) => {
    const { data } = await axios.post(`${baseURL}/auth/token/refresh`)
    storage.setItem('token', data.token)
    failedRequest.response.config.headers.Authorization = `Bearer ${data.token}`
  })
  return api
}
