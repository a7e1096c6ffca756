/** @typedef {import('../../dist/index.js').AuthEvent | import('../../dist/index.js').TokenEvent} LibraryEvent */

const WHY = {
  cold: 'holds no token',
  stale: 'holds a token that is due',
  expired: 'holds an expired token',
  rejected: 'is left without a token',
  manual: 'is told to renew the token',
}

/** What the library tells its `onEvent`, in words. @param {LibraryEvent} event */
export function narrate(event) {
  switch (event.type) {
    case 'fetching':
      return `${WHY[event.reason]}: asks for one, once for all`
    case 'fetched':
      return `holds token #${event.token}, which took ${Math.round(event.duration)} ms`
    case 'rejected':
      return `drops token #${event.token}: the API refused it`
    case 'refused':
      return `keeps a ${event.status} from you`
    case 'replayed':
      return 'sends the request again, with the token it holds'
    case 'skipped':
      return 'attaches no token: this is not the origin it is for'
    default:
      return JSON.stringify(event)
  }
}
