import fc from 'fast-check'
import { type Program, programs } from './model/program'
import { ENCOUNTERS, type Encounter, RULES, type Rule } from './model/record'
import { play } from './model/world'

// Random programs of what can happen around a token source - requests, fetches, refusals, log-outs, clocks - are played
// against it and a model (model/reference.ts) at once. One run checks all rules; a rule that was violated anywhere is
// then sought again alone, and shrunk to the shortest program that violates it.

const seed = Number(process.env.FC_SEED ?? Math.floor(Math.random() * 2 ** 31))
const numRuns = Number(process.env.FC_RUNS ?? 12_000)
const again = `FC_SEED=${seed} FC_RUNS=${numRuns} npx jest token-source.model`

const violated = new Set<Rule>()
const met = new Map<Encounter, number>()
const unhandled: unknown[] = []
const { stackTraceLimit } = Error
let restoreListeners = (): void => undefined

beforeAll(async () => {
  process.stderr.write(`token-source.model: seed ${seed}, ${numRuns} runs; again with ${again}\n`)
  restoreListeners = await countUnhandled()
  // Hundreds of thousands of errors are made here, and nobody reads where.
  Error.stackTraceLimit = 0
  jest.useFakeTimers({
    now: 1_700_000_000_000,
    doNotFake: ['nextTick', 'queueMicrotask', 'setImmediate', 'clearImmediate', 'setInterval'],
  })
  const property = fc.asyncProperty(programs, async (program) => {
    const record = await play(program, unhandled)
    for (const rule of record.violations.keys()) violated.add(rule)
    for (const encounter of record.met) met.set(encounter, (met.get(encounter) ?? 0) + 1)
  })
  await fc.assert(property, { seed, numRuns })
}, 300_000)

afterAll(() => {
  jest.useRealTimers()
  Error.stackTraceLimit = stackTraceLimit
  restoreListeners()
})

test.each(Object.entries(RULES) as [Rule, string][])(
  'whatever happens in whatever order (%s): %s',
  async (rule) => {
    if (violated.has(rule)) throw await shortestViolation(rule)
  },
  300_000,
)

test('the runs come across everything that is worth meeting', () => {
  const seldom = ENCOUNTERS.map((encounter) => [encounter, met.get(encounter) ?? 0] as const).filter(
    ([, runs]) => runs < numRuns / 1000,
  )
  expect(seldom).toEqual([])
})

async function shortestViolation(rule: Rule): Promise<Error> {
  const holds = async (program: Program): Promise<boolean> =>
    !(await play(program, unhandled)).violations.has(rule)
  const { counterexample, numShrinks } = await fc.check(fc.asyncProperty(programs, holds), { seed, numRuns })
  if (!counterexample) return new Error(`violated once, but not again: ${again}`)
  const [program] = counterexample
  const { trace, violations } = await play(program, unhandled)
  const text = [
    `${RULES[rule]}: ${violations.get(rule)}`,
    '',
    `What happened (shortened ${numShrinks} times):`,
    ...trace,
    '',
    `The program: ${JSON.stringify(program)}`,
    `Again: ${again}`,
  ].join('\n')
  const error = new Error(text)
  error.stack = text
  return error
}

/** The `process` of Jest's sandbox is a copy that is told nothing. Jest itself would blame the file, without a trace. */
async function countUnhandled(): Promise<() => void> {
  const { default: real } = await nativeImport<{ default: NodeJS.Process }>('node:process')
  const listeners = real.listeners('unhandledRejection')
  real.removeAllListeners('unhandledRejection')
  real.on('unhandledRejection', (reason) => unhandled.push(reason))
  return () => {
    real.removeAllListeners('unhandledRejection')
    for (const listener of listeners) real.on('unhandledRejection', listener)
  }
}
