/** What must hold whatever happens in whatever order. The titles of the tests. */
export const RULES = {
  oneFetch: 'no more than one fetch per key is in flight at a time',
  newest: 'no request is sent with a token known to be refused or over while a newer one is held',
  over: 'no token that is held is served once it is over, however the clock was turned back',
  ownKey: 'no request is sent with the token of another key',
  issued:
    'every request that is sent carries a token that the issuer has issued, and that the source gave for it',
  oneReplay: 'a request is sent at most twice, and the second time only after a refusal',
  replayed: 'a refused request is sent again where a token can be had',
  identity: 'a late refusal of an older token costs nobody the newer one',
  still: 'a token that works is served without waiting, also while its renewal is due or under way',
  budget:
    'after the third failure within 30 seconds no token is fetched for 2 seconds, after each further one for 6, nor before the issuer wants',
  mostEight: 'at most eight fetches fail within any 30 seconds',
  mostFour: 'at most four tokens are replaced within any 30 seconds because they were refused',
  failFast: 'beyond that budget requests fail at once, or get their 401',
  succeeding: 'fetches that succeed are never held back, however short the tokens live',
  cleared: 'after clear() no token from before is sent, and no fetch from before brings one back',
  need: 'a token is fetched only when there is a reason, and the fetch is told the right one',
  renewed: 'a renewal begins behind the first request that finds it due',
  settles: 'every request settles as soon as what it waits for has come',
  outcome: 'every caller gets what the API said last, or why there was no token',
  leaving: 'who leaves is let go at once, nothing more is sent for them, and nobody else is harmed',
  unhandled: 'nothing is an unhandled rejection',
  timers: 'when all is over no timer is left',
  agreement: 'the source is in the state that the model says',
} as const

export type Rule = keyof typeof RULES

/** What happened in one run. */
export interface Recording {
  say(line: string): void
  /** Only the first violation of each rule is kept: what comes after may follow from it. */
  violate(rule: Rule, what: string): void
  /** Something worth meeting was met: so a test can tell that the runs get everywhere. */
  meet(what: Encounter): void
  readonly trace: readonly string[]
  readonly violations: ReadonlyMap<Rule, string>
  readonly met: ReadonlySet<Encounter>
}

/** What the runs must come across, or they prove nothing. */
export const ENCOUNTERS = [
  'served',
  'refused and replayed with success',
  'refused twice',
  'a straggler, refused after a newer token came',
  'served while stale',
  'served during a renewal',
  'a renewal that failed while the token was good',
  'a token used to its very end',
  'served because the issuer was slow',
  'a renewal that succeeded',
  'a token that was over when it came',
  'a fetch that hung',
  'a fetch that many wait for',
  'the budget was spent by failures',
  'refusals alone were too many',
  'failed at once',
  'got its 401 at once',
  'the issuer asked to wait',
  'fetched again after the budget was spent',
  'aborted while it waited for a token',
  'aborted while the API had it',
  'its own timeout ended the wait',
  'cleared while a token was fetched',
  'cleared while a token was held',
  'an answer after the source had given up',
  'refused after clear()',
  'the clock turned back while a token was held',
  'renewed by hand',
] as const

export type Encounter = (typeof ENCOUNTERS)[number]

export function recording(time: () => number): Recording {
  const trace: string[] = []
  const violations = new Map<Rule, string>()
  const met = new Set<Encounter>()
  const say = (line: string): void => {
    trace.push(`${(time() / 1000).toFixed(1).padStart(9)} s  ${line}`)
  }
  return {
    say,
    violate(rule, what) {
      if (violations.has(rule)) return
      violations.set(rule, what)
      say(`!! ${what} (${rule})`)
    },
    meet(what) {
      met.add(what)
    },
    trace,
    violations,
    met,
  }
}
