// DIST unset: the tests run on src. DIST=cjs: on the built CommonJS files, as a user's Jest would load them.
const dist = process.env.DIST
// P_MEMOIZE=9: on src with the other major of p-memoize that we allow.
const memoize9 = process.env.P_MEMOIZE === '9' ? { '^p-memoize$': 'p-memoize-9' } : {}
// AXIOS=1.8: with that axios, one of the versions that compat/package.json names. See scripts/test-axios.mjs.
const otherAxios = process.env.AXIOS ? { '^axios$': `axios-${process.env.AXIOS}` } : {}

// Our dependencies are ESM only: Jest's CommonJS mode needs them, and what they import, transformed.
const { dependencies } = require('./package.json')
const esmOnly = [
  ...Object.keys(dependencies),
  'mimic-function',
  'p-memoize-9',
  'oauth4webapi',
  'jose',
  '@nestjs/\\w+',
]

/** @type {import('jest').Config} */
module.exports = {
  testEnvironment: '<rootDir>/__tests__/environment.cjs',
  roots: ['<rootDir>/__tests__', '<rootDir>/src'],
  testMatch: ['<rootDir>/__tests__/**/*.test.ts'],
  // unit: internals, which dist does not show. package: what npm pack makes, which needs dist. The others have a
  // configuration of their own: __tests__/browser, and for packages that are not installed here examples/recipes.
  testPathIgnorePatterns: [
    '/node_modules/',
    '<rootDir>/__tests__/browser/',
    dist ? '<rootDir>/__tests__/unit/' : '<rootDir>/__tests__/package/',
    '<rootDir>/__tests__/frameworks/',
    '<rootDir>/__tests__/migration/',
  ],
  modulePaths: ['<rootDir>/compat/node_modules'],
  moduleNameMapper: dist
    ? {
        ...otherAxios,
        '^(?:#lib|axios-auth-interceptors)$': `<rootDir>/dist/index.${dist}`,
        '^(?:#lib|axios-auth-interceptors)/(.*)$': `<rootDir>/dist/$1.${dist}`,
      }
    : {
        ...memoize9,
        ...otherAxios,
        '^(?:#lib|axios-auth-interceptors)$': '<rootDir>/src/index.ts',
        '^(?:#lib|axios-auth-interceptors)/(.*)$': ['<rootDir>/src/$1.ts', '<rootDir>/src/$1/index.ts'],
        '^(\\.{1,2}/.*)\\.js$': '$1',
      },
  transform: {
    '\\.[jt]sx?$': [
      '@swc/jest',
      { jsc: { target: 'es2022', parser: { syntax: 'typescript' } }, module: { type: 'commonjs' } },
    ],
  },
  transformIgnorePatterns: [`/node_modules/(?!(${esmOnly.join('|')})/)`],
  // Of real servers with a thousand requests, on a machine that may be busy.
  testTimeout: 60_000,
  coverageProvider: 'v8',
  // Files of types alone are never loaded, so v8 would count each as code that no test reached.
  collectCoverageFrom: ['src/**/*.ts', '!src/auth-scheme.ts', '!src/tokens/{token-event,slot-snapshot}.ts'],
  coverageThreshold: { global: { branches: 95 } },
}
