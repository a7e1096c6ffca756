// For npm run test:recipes: the tests that need the packages installed here and in ../migration. They run on what is built.
process.env.DIST = 'cjs'
const root = require('../../jest.config.cjs')

const [[anyFile, [transformer, { jsc, ...swc }]]] = Object.entries(root.transform)
const transformed = (parser, transform) => [
  transformer,
  { ...swc, jsc: { ...jsc, parser: { ...jsc.parser, ...parser }, transform } },
]
const esmOnly = ['https-proxy-agent', 'agent-base', 'proxy-agent-negotiate']

/** @type {import('jest').Config} */
module.exports = {
  ...root,
  rootDir: '../..',
  testMatch: ['<rootDir>/__tests__/(frameworks|migration)/**/*.test.ts?(x)'],
  testPathIgnorePatterns: ['/node_modules/'],
  modulePaths: ['<rootDir>/examples/recipes/node_modules', '<rootDir>/examples/migration/node_modules'],
  transform: {
    '\\.tsx$': transformed({ tsx: true }, { react: { runtime: 'automatic' } }),
    '/nestjs/.*\\.ts$': transformed({ decorators: true }, { legacyDecorator: true }),
    [anyFile]: transformed(),
  },
  transformIgnorePatterns: root.transformIgnorePatterns.map((pattern) =>
    pattern.replace('(?!(', `(?!(${esmOnly.join('|')}|`),
  ),
}
