import fc, { type Arbitrary } from 'fast-check'

/** One thing that happens. `nth` picks among what is pending at that moment; where nothing is, the step is void. */
export type Step = (
  | {
      readonly do: 'request'
      readonly key: number
      readonly count: number
      readonly leaves: 'never' | 'by signal' | 'by timeout'
      readonly resolves: boolean
    }
  | { readonly do: 'issue'; readonly nth: number; readonly life: Life }
  | { readonly do: 'fail'; readonly nth: number; readonly how: 'error' | 'malformed' | number }
  | { readonly do: 'judge'; readonly nth: number; readonly mood: Mood }
  | { readonly do: 'answer'; readonly nth: number }
  | { readonly do: 'settle'; readonly life: Life }
  | { readonly do: 'revoke'; readonly key: number }
  | { readonly do: 'audience'; readonly right: boolean }
  | { readonly do: 'abort'; readonly nth: number }
  | { readonly do: 'clear' }
  | { readonly do: 'renew'; readonly key: number }
  | { readonly do: 'look' }
  /** Time passes. */
  | { readonly do: 'wait'; readonly ms: number }
  /** Time passes, but no timer runs: a laptop sleeps. */
  | { readonly do: 'sleep'; readonly ms: number }
  /** Somebody sets the clock. */
  | { readonly do: 'turn'; readonly ms: number }
) & {
  /** So many microtasks run before the next step. */
  readonly ticks: number | 'all'
}

/** In milliseconds; undefined: the issuer does not say. */
export interface Life {
  readonly of: number | undefined
  /** When the issuer would like the token to be renewed. */
  readonly refreshIn?: number | undefined
}

/** `token`: the API looks at nothing but the token. */
export type Mood = 'token' | 'broken' | 'forbidden' | 'insufficient scope' | 'unreachable'

export interface Program {
  readonly keys: number
  /** Answers each fetch at once, as this; undefined: when a step says so. */
  readonly issuer: 'gives' | 'fails' | undefined
  readonly life: Life
  /** Does the API answer at once? */
  readonly promptApi: boolean
  /** Refuses the API everything from the beginning? */
  readonly rightAudience: boolean
  readonly steps: readonly Step[]
  /** What comes of the fetches that are pending at the end. */
  readonly ending: 'given' | 'failed' | 'timed out'
  /** For the random source. */
  readonly random: number
}

type Kind = Step['do']

const nth = fc.nat({ max: 5 })
const key = fc.nat({ max: 2 })
const life: Arbitrary<Life> = fc.record({
  of: fc.constantFrom(undefined, 1000, 2000, 10_000, 60_000, 3_600_000),
  refreshIn: fc.oneof(
    { weight: 9, arbitrary: fc.constant(undefined) },
    { weight: 1, arbitrary: fc.constantFrom(0, 500, 5000, 100_000) },
  ),
})

const details: { readonly [K in Kind]: Arbitrary<Omit<Extract<Step, { do: K }>, 'do' | 'ticks'>> } = {
  request: fc.record({
    key,
    count: fc.integer({ min: 1, max: 3 }),
    leaves: fc.constantFrom('never', 'never', 'by signal', 'by timeout'),
    resolves: fc.oneof(
      { weight: 4, arbitrary: fc.constant(false) },
      { weight: 1, arbitrary: fc.constant(true) },
    ),
  }),
  issue: fc.record({ nth, life }),
  fail: fc.record({
    nth,
    how: fc.constantFrom<'error' | 'malformed' | number>('error', 'error', 'malformed', 1, 7, 40),
  }),
  judge: fc.record({
    nth,
    mood: fc.constantFrom(
      ...repeated('token' as const, 8),
      'broken',
      'forbidden',
      'insufficient scope',
      'unreachable',
    ),
  }),
  answer: fc.record({ nth }),
  settle: fc.record({ life }),
  revoke: fc.record({ key }),
  audience: fc.record({ right: fc.boolean() }),
  abort: fc.record({ nth }),
  clear: fc.constant({}),
  renew: fc.record({ key }),
  look: fc.constant({}),
  wait: fc.record({
    ms: fc.constantFrom(50, 100, 500, 700, 900, 1000, 2000, 3000, 5000, 10_000, 30_000, 60_000, 3_000_000),
  }),
  sleep: fc.record({ ms: fc.constantFrom(1000, 60_000, 3_600_000) }),
  turn: fc.record({ ms: fc.constantFrom(-1000, -60_000, -3_600_000, 1000, 60_000) }),
}

type Weights = Readonly<Partial<Record<Kind, number>>>

function repeated<T>(value: T, times: number): T[] {
  return Array.from({ length: times }, () => value)
}

function step(weights: Weights, allTicks: number): Arbitrary<Step> {
  const ticks = fc.oneof(
    { withCrossShrink: true },
    { weight: Math.round(10 * allTicks), arbitrary: fc.constant('all' as const) },
    { weight: 10, arbitrary: fc.nat({ max: 16 }) },
  )
  const kinds = Object.entries(weights) as [Kind, number][]
  return fc.oneof(
    ...kinds.map(([kind, weight]) => ({
      weight: Math.round(10 * weight),
      arbitrary: fc
        .tuple(details[kind] as Arbitrary<object>, ticks)
        .map(([detail, count]) => ({ do: kind, ...detail, ticks: count }) as Step, unmapped),
    })),
  )
}

/** So that what failed can be given to fast-check as an example. */
function unmapped(value: unknown): [object, number | 'all'] {
  const { do: _, ticks, ...detail } = value as Step
  return [detail, ticks]
}

function program(
  weights: Weights,
  world: Partial<{ readonly [Name in keyof Program]: Arbitrary<Program[Name]> }> = {},
  allTicks = 2,
  opening: readonly Step[] = [],
): Arbitrary<Program> {
  return fc.record({
    keys: fc.integer({ min: 1, max: 3 }),
    issuer: fc.constant(undefined),
    life: fc.constant({ of: 3_600_000 }),
    promptApi: fc.constant(false),
    rightAudience: fc.constant(true),
    ending: fc.constantFrom('given', 'failed', 'timed out'),
    ...world,
    steps: fc.array(step(weights, allTicks), { minLength: 1, maxLength: 40, size: 'max' }).map(
      (steps) => [...opening, ...steps],
      (steps) => (steps as Step[]).slice(opening.length),
    ),
    random: fc.noShrink(fc.nat()),
  })
}

const one = fc.constant(1)

/** Chance alone would seldom get five fetches refused in 30 seconds, or a straggler: each of these goes for something. */
export const programs: Arbitrary<Program> = fc.oneof(
  // Everything.
  program({
    request: 6,
    issue: 6,
    fail: 2,
    judge: 6,
    answer: 6,
    settle: 1,
    revoke: 2,
    audience: 1,
    abort: 2,
    clear: 1,
    renew: 1,
    look: 1,
    wait: 4,
    sleep: 1,
    turn: 1,
  }),
  // Races within a turn of the event loop.
  program(
    { request: 5, issue: 4, fail: 1, judge: 4, answer: 5, revoke: 2, abort: 1, clear: 1, wait: 1 },
    { keys: fc.integer({ min: 1, max: 2 }), life: life },
    0.2,
  ),
  // An API that refuses all: a wrong audience.
  program(
    {
      request: 6,
      judge: 2,
      answer: 2,
      settle: 3,
      issue: 2,
      wait: 3,
      audience: 1,
      turn: 0.5,
      look: 1,
      revoke: 1,
    },
    {
      keys: one,
      issuer: fc.constantFrom('gives', 'gives', undefined),
      life,
      promptApi: fc.boolean(),
      rightAudience: fc.constant(false),
    },
  ),
  // An API that refuses all, and an issuer that often fails, with renewals by hand beside it.
  program(
    { request: 4, issue: 3, fail: 2, renew: 2, wait: 0.2, look: 0.2 },
    { keys: one, promptApi: fc.constant(true), rightAudience: fc.constant(false) },
    4,
  ),
  // An issuer that is down.
  program(
    {
      request: 6,
      fail: 5,
      issue: 1,
      judge: 2,
      answer: 2,
      settle: 1,
      wait: 4,
      sleep: 0.3,
      turn: 0.5,
      look: 1,
    },
    { keys: one, issuer: fc.constantFrom('fails', undefined), promptApi: fc.boolean() },
  ),
  // Short lives: stale and expired all the time.
  program(
    { request: 8, issue: 5, fail: 2, judge: 2, answer: 2, wait: 6, turn: 1, sleep: 0.5, renew: 0.5, look: 1 },
    {
      keys: one,
      issuer: fc.constantFrom('gives', undefined),
      life: fc.constantFrom({ of: 1000 }, { of: 2000 }, { of: 10_000 }, { of: 60_000, refreshIn: 500 }),
      promptApi: fc.boolean(),
    },
  ),
  // A token of ten seconds that comes to its end while the issuer is down.
  program(
    { request: 6, fail: 4, wait: 4, judge: 1, answer: 1, issue: 0.3, turn: 0.2, look: 1 },
    { keys: one, promptApi: fc.boolean() },
    4,
    [
      { do: 'request', key: 0, count: 1, leaves: 'never', resolves: false, ticks: 'all' },
      { do: 'issue', nth: 0, life: { of: 10_000 }, ticks: 'all' },
      { do: 'wait', ms: 8000, ticks: 'all' },
    ],
  ),
  // A token of a minute that comes to its end while the issuer hangs: it counts as expired six seconds before.
  program(
    {
      request: 6,
      wait: 6,
      fail: 1,
      judge: 1,
      answer: 1,
      issue: 0.5,
      renew: 0.3,
      clear: 0.2,
      turn: 0.2,
      look: 1,
    },
    { keys: one, promptApi: fc.boolean() },
    4,
    [
      { do: 'request', key: 0, count: 1, leaves: 'never', resolves: false, ticks: 'all' },
      { do: 'issue', nth: 0, life: { of: 60_000 }, ticks: 'all' },
      { do: 'wait', ms: 54_500, ticks: 'all' },
    ],
  ),
  // Log-outs.
  program(
    { request: 6, clear: 2, issue: 4, fail: 1, judge: 3, answer: 3, revoke: 1, wait: 1, abort: 1, look: 0.5 },
    { keys: fc.integer({ min: 1, max: 2 }) },
    1,
  ),
)
