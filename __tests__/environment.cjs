const { TestEnvironment } = require('jest-environment-node')

/**
 * Node's own `import()` for tests, as the global `nativeImport(specifier)`: Jest's CommonJS mode cannot load packages
 * that are ESM only (oidc-provider, for one). What it loads lives outside Jest's sandbox, where an object made in a
 * test is not plain: its prototype is the sandbox's. So write what sets such a package up as an .mjs file, and import
 * that. A relative specifier is relative to this file.
 */
module.exports = class extends TestEnvironment {
  async setup() {
    await super.setup()
    this.global.nativeImport = (specifier) => import(specifier)
  }
}
