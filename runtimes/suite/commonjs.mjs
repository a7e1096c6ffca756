import * as esm from 'axios-auth-interceptors'
import * as jsonpath from 'axios-auth-interceptors/jsonpath'
import * as oauth from 'axios-auth-interceptors/oauth'
import { clientsOf } from './clients.mjs'
import { expectEqual } from './expect.mjs'

const ENTRIES = { '': esm, '/jsonpath': jsonpath, '/oauth': oauth }

/**
 * Where there is a `require`.
 *
 * @param {NodeJS.Require} require
 * @returns {import('./run-checks.mjs').Checks}
 */
export const commonjs = (require) => ({
  async 'require gives what import gives, of each entry'() {
    for (const [entry, imported] of Object.entries(ENTRIES)) {
      const required = require(`axios-auth-interceptors${entry}`)
      expectEqual(
        Object.keys(required).sort(),
        Object.keys(imported).sort(),
        `exports of ${entry || 'the package'}`,
      )
    }
  },

  async 'a required library serves a required axios'(scene) {
    const library = require('axios-auth-interceptors')
    const { api } = clientsOf(scene, { adapter: '' }, {}, { axios: require('axios'), library })
    await api.get('/')
    await scene.ask('revokeAll')
    expectEqual((await api.post('/things', { a: 1 })).data.body, '{"a":1}', 'what arrived')
    expectEqual(await scene.ask('tokenRequests'), 2, 'token requests')
  },
})
