import {
  type CallerRequest,
  type Counts,
  type Failure,
  type Held,
  type HeldStretch,
  NOTHING,
  type Sending,
  type Span,
  type TokenCall,
} from './history'
import { rows } from './rows'

/** What has happened in one lane. It is told by those to whom it happens, and never concludes. */
export interface LaneRecord {
  readonly requests: ReadonlyMap<number, CallerRequest>
  readonly tokenCalls: readonly TokenCall[]
  readonly held: readonly HeldStretch[]
  counts(): Counts
  lastFailure(): Failure | undefined
  begin(request: number, at: number): void
  send(request: number, at: number): { attempt: number; answered(at: number, status: number): void }
  /** @param error what its caller is told, if it failed */
  end(request: number, at: number, error?: string): void
  /** The client says why it is about to ask for a token. */
  reason(reason: string): void
  tokenCall(at: number): (at: number, status: number | undefined) => void
  holds(held: Held, at: number): void
  /** Drops what was over by then. The counts stay. */
  forget(before: number): void
}

// Two requests in one row are told apart by what is between them. Milliseconds.
const REST = 70

export function laneRecord(): LaneRecord {
  const requests = new Map<number, CallerRequest>()
  let tokenCalls: TokenCall[] = []
  let held: HeldStretch[] = []
  const counts = { ...NOTHING }
  const requestRows = rows(REST)
  const callRows = rows(0)
  let lastFailure: Failure | undefined
  let nextReason: string | undefined

  const known = (request: number): CallerRequest => {
    const found = requests.get(request)
    if (!found) throw new Error(`Request ${request} has not begun`)
    return found
  }

  /** Time passes only where something is waited for, so whoever is later than it could be has waited. */
  function noteWait(request: CallerRequest, at: number): void {
    const since = request.sendings.at(-1)?.until ?? request.from
    if (at <= since || request.hasWaited) return
    request.hasWaited = true
    counts.waited += 1
  }

  return {
    requests,
    get tokenCalls() {
      return tokenCalls
    },
    get held() {
      return held
    },
    counts: () => ({ ...counts }),
    lastFailure: () => lastFailure,
    begin(request, at) {
      requests.set(request, { from: at, row: requestRows.take(at), sendings: [], hasWaited: false })
    },
    send(number, at) {
      const request = known(number)
      noteWait(request, at)
      const sending: Sending = { from: at }
      const attempt = request.sendings.push(sending)
      counts.apiCalls += 1
      return {
        attempt,
        answered(until, status) {
          Object.assign(sending, { until, status })
          if (status === 401) counts.refused += 1
        },
      }
    },
    end(number, at, error) {
      const request = known(number)
      noteWait(request, at)
      request.until = at
      request.outcome = error === undefined ? 'served' : 'failed'
      requestRows.free(request.row, at)
      counts[request.outcome] += 1
      if (error !== undefined) lastFailure = { at, error }
    },
    reason(reason) {
      nextReason = reason
    },
    tokenCall(at) {
      const call: TokenCall = { from: at, row: callRows.take(at), reason: nextReason }
      nextReason = undefined
      tokenCalls.push(call)
      counts.tokenCalls += 1
      return (until, status) => {
        Object.assign(call, { until, status })
        callRows.free(call.row, until)
      }
    },
    holds(now, at) {
      const last = held.at(-1)
      if (last) last.until = at
      const isSame = last?.state === now.state && last.token === now.token && last.isRevoked === now.isRevoked
      if (!isSame) held.push({ ...now, from: at, until: at })
    },
    forget(before) {
      const isLate = ({ until }: Span): boolean => until === undefined || until >= before
      for (const [number, request] of requests) if (!isLate(request)) requests.delete(number)
      tokenCalls = tokenCalls.filter(isLate)
      held = held.filter(isLate)
    },
  }
}
