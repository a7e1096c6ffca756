/**
 * axios 1.7.0 to 1.7.2 make a network error over XMLHttpRequest with a copy of the config.
 * @jest-environment <rootDir>/__tests__/browser-environment.cjs
 */
import axios, { type AxiosError } from 'axios'
import { bearerAuth } from '#lib'
import { startServer } from '../support/servers'
import { traces } from '../support/traces'

test('a network error in a browser shows no token', async () => {
  const server = await startServer((request) => request.socket.destroy(), { cors: true })
  const api = axios.create({ baseURL: server.url, adapter: 'xhr' })
  api.interceptors.request.use(bearerAuth('fake-token'))
  const error = (await api.get('/things').catch((error: unknown) => error)) as AxiosError
  expect(error).toMatchObject({ code: 'ERR_NETWORK' })
  // Not of the whole error: printing a whole page of jsdom takes half a minute.
  expect(traces([error.config, error.toJSON(), error.message], ['fake-token'])).toEqual([])
})
