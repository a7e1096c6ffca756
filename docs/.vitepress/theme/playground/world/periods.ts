import { difference, digest } from './digest'
import { type Counts, NOTHING } from './history'
import type { World } from './world'

/** What happened in a few seconds. */
export interface Period {
  readonly until: number
  readonly text: string
}

const LENGTH = 5000
const MOST = 12

/** Tells a world's story in words, some seconds at a time: more often it could not be listened to. */
export function periods() {
  let told: readonly Period[] = []
  const seen: Record<string, Counts> = {}
  let since = 0

  return {
    /** The latest first. Another list when there is news. */
    told: (): readonly Period[] => told,
    look(world: Pick<World, 'lanes' | 'revocations' | 'outages' | 'now'>): void {
      const now = world.now()
      if (now - since < LENGTH) return
      const counts = {
        'With the library': world.lanes.library.record.counts(),
        'By hand': world.lanes.byHand.record.counts(),
      }
      const changes = Object.entries(counts).map(([name, count]): [string, Counts] => [
        name,
        difference(count, seen[name] ?? NOTHING),
      ])
      const latest = { until: now, text: digest(Object.fromEntries(changes), actsIn(world, since)) }
      told = [latest, ...told].slice(0, MOST)
      Object.assign(seen, counts)
      since = now
    },
  }
}

function actsIn({ revocations, outages }: Pick<World, 'revocations' | 'outages'>, since: number): string[] {
  const isNew = (at: number | undefined): boolean => at !== undefined && at >= since
  return [
    ...revocations.filter(isNew).map(() => 'The token was revoked'),
    ...outages.filter(({ from }) => isNew(from)).map(() => 'The issuer went down'),
    ...outages.filter(({ until }) => isNew(until)).map(() => 'The issuer is up again'),
  ]
}
