const WHY = {
  cold: 'holds no token',
  stale: 'has a token that is due for renewal',
  expired: 'holds a token that has expired',
  rejected: 'has nothing to send',
  manual: 'is told to renew the token',
}

/** An event of the library, in words. @param {import('../../dist/index.js').AuthEvent | import('../../dist/index.js').TokenEvent} event */
export function narrate(event) {
  switch (event.type) {
    case 'fetching':
      return `${WHY[event.reason]}: asks for one, and whoever needs it waits`
    case 'fetched':
      return `holds token #${event.token}, after ${Math.round(event.duration)} ms`
    case 'rejected':
      return `drops token #${event.token}: the API refused it`
    case 'refused':
      return `takes back a ${event.status}: the caller does not see it`
    case 'replayed':
      return 'sends the request again with the token it holds'
    case 'skipped':
      return 'sends no credential: not the origin they are for'
    default:
      return JSON.stringify(event)
  }
}
