const { readdirSync } = require('node:fs')
const { join } = require('node:path')

// Of the package, of the documentation, of real time, beside plugins, or too long: no mutant dies of them alone.
const NEVER =
  /browser|canaries|frameworks|migration|package|companions|playground|recipes|faults|xhr|oauth.examples|vendors.cookbook|unit.(docs|reliability|start-page)|model/
// A mutant dies of the first test that fails: those that take long come last.
const SLOW = [
  /oauth/,
  /unit.challenge/,
  /vendors/,
  /lifecycle/,
  /unit.token-source/,
  /fuzz/,
  /authorization-server\./,
]

const tests = join(__dirname, '../__tests__')
const slowness = (file) => SLOW.findIndex((name) => name.test(file))
const files = readdirSync(tests, { recursive: true })
  .filter((file) => file.endsWith('.test.ts') && !NEVER.test(file))
  .sort((one, other) => slowness(one) - slowness(other) || one.localeCompare(other))

// Its afterEach is for the tests of every file.
require(join(tests, 'support/servers'))
// All in one: what a file loads, Jest loads anew for each, which takes longer than the tests.
for (const file of files) describe(file, () => void require(join(tests, file)))
