import { readFileSync } from 'node:fs'

export interface Fact {
  readonly figure: string
  readonly words: string
}

export interface Facts {
  readonly facts: readonly Fact[]
  readonly circumstances: string
}

declare const data: Facts

export { data }

const RESULTS = '../../../bench/results.json'
const OURS = 'this library'

const count = (number: number): string => number.toLocaleString('en')
const times = (ratio: number): string => `${ratio.toFixed(2)}×`
const kilobytes = (bytes: number): string => `${(bytes / 1000).toFixed(1)} kB`
const calls = (number: number): string => (number === 1 ? 'token call' : 'token calls')

/** The figures of docs/benchmarks.md that tell most, from the file that it is made of. */
export default {
  watch: [RESULTS],
  load([file]: [string]): Facts {
    const { date, machine, versions, storms, renewal, freshToken, size } = JSON.parse(
      readFileSync(file, 'utf8'),
    )
    const first = storms.firstRequests[OURS]
    const refused = storms.refusals[OURS]
    return {
      facts: [
        {
          figure: count(first.tokenCalls),
          words: `${calls(first.tokenCalls)} for ${count(first.requests)} requests that come at once and find no token`,
        },
        {
          figure: count(refused.served),
          words: `of ${count(refused.served + refused.failed)} requests are served after their token was revoked, with ${count(refused.tokenCalls)} ${calls(refused.tokenCalls)}`,
        },
        { figure: count(renewal.waited), words: 'requests wait when a token is renewed before its end' },
        {
          figure: times(freshToken.loopback[OURS].ratio),
          words: `the time of bare axios for a request to a server on the same machine; ${times(freshToken.loopbackAtOnce[OURS].ratio)} with 100 at once`,
        },
        {
          figure: kilobytes(size[`${OURS}: bearerAuth, clientCredentials`].brotli),
          words: `in a browser, compressed, for tokens by client credentials; ${kilobytes(size[`${OURS}: basicAuth`].brotli)} for Basic alone`,
        },
      ],
      circumstances: `Measured on ${date} with Node ${machine.node.slice(1)} and axios ${versions.axios}.`,
    }
  },
}
