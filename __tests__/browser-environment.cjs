const { TestEnvironment } = require('jest-environment-jsdom')

/** A browser page at http://localhost/, with `nativeImport` as in environment.cjs. */
module.exports = class extends TestEnvironment {
  async setup() {
    await super.setup()
    this.global.nativeImport = (specifier) => import(specifier)
    // jsdom has none of these, and every browser has.
    Object.assign(this.global, { TextEncoder, structuredClone })
  }
}
