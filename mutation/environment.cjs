const Environment = require('../__tests__/environment.cjs')

/** Jest bails out after a file. With a mutant the first test that fails is enough, and the others may each hang. */
module.exports = class extends Environment {
  #hasFailed = false

  handleTestEvent({ name, test }) {
    if (name === 'test_done' && test.errors.length > 0) this.#hasFailed = true
    if (name === 'test_start' && this.#hasFailed) test.mode = 'skip'
  }
}
