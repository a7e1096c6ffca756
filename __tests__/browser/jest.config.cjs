const { coverageProvider, coverageThreshold, collectCoverageFrom, ...base } = require('../../jest.config.cjs')

/** The tests in real browsers: on the package that `npm pack` makes, so they need dist. */
module.exports = {
  ...base,
  rootDir: '../..',
  // A file is a browser: side by side, also where Jest would leave one core alone.
  maxWorkers: 2,
  testMatch: ['<rootDir>/__tests__/browser/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  globalSetup: '<rootDir>/__tests__/browser/set-up.ts',
  globalTeardown: '<rootDir>/__tests__/browser/tear-down.ts',
}
