const { resolve } = require('node:path')
const config = require('../jest.config.cjs')

// Of chance a little.
process.env.FC_RUNS ??= '200'

module.exports = {
  ...config,
  rootDir: resolve(__dirname, '..'),
  roots: ['<rootDir>/mutation'],
  testMatch: ['<rootDir>/mutation/every.test.js'],
  // Stryker, which wraps it, does not know <rootDir>.
  testEnvironment: require.resolve('./environment.cjs'),
  // A mutant that hangs has shown itself.
  testTimeout: 4000,
  setupFilesAfterEnv: [require.resolve('./without-the-longest.cjs')],
}
