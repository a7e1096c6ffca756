import { createRequire } from 'node:module'
import * as axiosAuthRefresh from './contestants/axios-auth-refresh.mjs'
import * as axiosJwt from './contestants/axios-jwt.mjs'
import * as axiosOauthClient from './contestants/axios-oauth-client.mjs'
import * as axiosTokenInterceptor from './contestants/axios-token-interceptor.mjs'
import * as bare from './contestants/bare.mjs'
import * as handWritten from './contestants/hand-written.mjs'
import * as oauth2Client from './contestants/oauth2-client.mjs'
import * as oauth2Fetch from './contestants/oauth2-fetch.mjs'
import * as ours from './contestants/ours.mjs'
import * as oursSynchronous from './contestants/ours-synchronous.mjs'

/**
 * @typedef {object} Setting
 * @property {import('axios').AxiosInstance} api
 * @property {import('./emulation.mjs').Issuer} issuer
 * @property {(request: Request) => Promise<Response>} [fetchApi] the API for who does not go through axios
 * @property {boolean} isLoggedIn does the program begin with a token, if the contestant wants it to bring one?
 */

/**
 * One way to authenticate requests, wired as its README says.
 *
 * @typedef {object} Contestant
 * @property {string} name
 * @property {string} [from] the package
 * @property {string} [imports] what a program takes from it, for its size
 * @property {boolean} [isOurs]
 * @property {boolean} [isOffAxios] sends with something else
 * @property {string} [noReplay] why a 401 is the caller's
 * @property {(setting: Setting) => Promise<() => Promise<{ status: number }>>} wire gives a function that sends one request
 */

export const BARE = bare

/** @type {Contestant[]} */
export const CONTESTANTS = [
  ours,
  oursSynchronous,
  handWritten,
  axiosAuthRefresh,
  axiosTokenInterceptor,
  axiosOauthClient,
  axiosJwt,
  oauth2Client,
  oauth2Fetch,
]

const require = createRequire(import.meta.url)

/** @param {string} name of a package, or a path from here */
export const versionOf = (name) => {
  // Not all of them export their package.json.
  for (const path of require.resolve.paths(name) ?? []) {
    try {
      return require(`${path}/${name}/package.json`).version
    } catch {
      // It is in another of these folders.
    }
  }
  throw new Error(`${name} is not installed`)
}
