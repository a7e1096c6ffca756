import type { Counts } from './history'

/** What happened in a while, in words, for those who do not see the drawing. */
export function digest(lanes: Readonly<Record<string, Counts>>, acts: readonly string[]): string {
  const parts = Object.entries(lanes).map(([name, counts]) => `${name}: ${told(counts)}.`)
  return [...acts.map((act) => `${act}.`), ...parts].join(' ')
}

export const difference = (now: Counts, before: Counts): Counts => ({
  apiCalls: now.apiCalls - before.apiCalls,
  refused: now.refused - before.refused,
  tokenCalls: now.tokenCalls - before.tokenCalls,
  waited: now.waited - before.waited,
  failed: now.failed - before.failed,
  served: now.served - before.served,
})

/** Figures of what is usual would be new each time, and be read out each time: only what is not is counted. */
function told({ refused, tokenCalls, waited, failed, served }: Counts): string {
  const unusual = [
    tokenCalls && count(tokenCalls, 'token call'),
    waited && `${count(waited, 'request')} waited`,
    refused && `${refused} refused with 401`,
    failed && `${count(failed, 'caller')} failed`,
  ].filter((text) => text !== 0)
  if (failed === 0) unusual.push(served > 0 ? 'all were served' : 'nothing was answered')
  return unusual.join(', ')
}

const count = (figure: number, noun: string): string => `${figure} ${noun}${figure === 1 ? '' : 's'}`
