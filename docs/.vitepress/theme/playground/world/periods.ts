import { difference, digest } from './digest'
import { type Counts, NOTHING } from './lane-record'
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
  const told: Period[] = []
  const seen: Record<string, Counts> = {}
  let since = 0

  return {
    /** The latest first. */
    told: (): readonly Period[] => told,
    /** Is there news? */
    look(world: Pick<World, 'lanes' | 'revocations' | 'outages' | 'now'>): boolean {
      const now = world.now()
      if (now - since < LENGTH) return false
      const counts = {
        'With the library': world.lanes.library.record.counts(),
        'By hand': world.lanes.byHand.record.counts(),
      }
      const changes = Object.entries(counts).map(([name, count]): [string, Counts] => [
        name,
        difference(count, seen[name] ?? NOTHING),
      ])
      told.unshift({ until: now, text: digest(Object.fromEntries(changes), actsIn(world, since)) })
      told.splice(MOST)
      Object.assign(seen, counts)
      since = now
      return true
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
