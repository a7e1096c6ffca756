import fc from 'fast-check'

// FC_RUNS is for the long mode (`npm run fuzz`), FC_SEED to repeat a run. A failure prints seed and path itself.
export const seed = Number(process.env.FC_SEED ?? Math.floor(Math.random() * 2 ** 31))
export const isLong = Number(process.env.FC_RUNS ?? 0) >= 100_000

/** How often a property is tried: so often in the usual mode, FC_RUNS times in the long one. */
const runsOf = (usual: number, most = Number.POSITIVE_INFINITY): number =>
  Math.min(most, Number(process.env.FC_RUNS ?? usual))

let done = 0
const { stackTraceLimit } = Error

beforeAll(() => {
  // Hundreds of thousands of errors are made here, and nobody reads where.
  Error.stackTraceLimit = 0
})

afterAll(() => {
  Error.stackTraceLimit = stackTraceLimit
  const file = expect.getState().testPath?.match(/fuzz.(\w[\w-]*)\.test/)?.[1] ?? ''
  const runs = process.env.FC_RUNS ? `FC_RUNS=${process.env.FC_RUNS} ` : ''
  note(`fuzz/${file}: seed ${seed}, ${done} runs; again with FC_SEED=${seed} ${runs}npx jest fuzz/${file}`)
})

/** Tries a property with the seed of this process. `most` caps one whose every run is long. */
export function holds<Ts>(property: fc.IProperty<Ts>, usual: number, most?: number): void {
  const numRuns = runsOf(usual, most)
  fc.assert(property, { seed, numRuns })
  done += numRuns
}

/** The same for one that is asynchronous. */
export async function holdsAsync<Ts>(
  property: fc.IAsyncProperty<Ts>,
  usual: number,
  most?: number,
): Promise<void> {
  const numRuns = runsOf(usual, most)
  await fc.assert(property, { seed, numRuns })
  done += numRuns
}

/** Says something beside the results. */
export const note = (text: string): void => void process.stderr.write(`${text}\n`)

/** For 100,000 runs on a machine that may be busy. */
export const TIMEOUT = 1_800_000
