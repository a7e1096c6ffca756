import { AGAIN, WAYS } from './scenarios/fresh-token.mjs'
import { count } from './simulation/table.mjs'

/** @typedef {import('./bench.mjs').Results} Results */
/** @typedef {{ key: string, title: string, head: string[], rows: string[][] }} Table */

const OURS = 'this library'
const SYNCHRONOUS = 'this library, synchronous'

const times = (/** @type {number} */ ratio) => `${ratio.toFixed(2)}×`
const kilobytes = (/** @type {number} */ bytes) => `${(bytes / 1000).toFixed(1)} kB`
const megabytes = (/** @type {number} */ bytes) => `${(bytes / 1e6).toFixed(2)} MB`

/** @param {Results} results @returns {Table[]} */
export const tablesOf = (results) => [
  figuresToHold(results),
  freshToken(results),
  firstRequests(results),
  refusals(results),
  memory(results),
  weight(results),
  parts(results),
]

// Flat: within what a heap differs by from one collection to the next.
const FLAT = 0.02

/** @param {Results} results @returns {Table} */
function figuresToHold({ freshToken, storms, renewal, memory, size }) {
  const is = (/** @type {boolean} */ holds) => (holds ? 'held' : '**missed**')
  const costs = Object.entries(WAYS).flatMap(([key, { title, unit }]) => {
    const where = `${title.toLowerCase()}, ${unit}`
    const [installed, synchronous] = [freshToken[key][OURS].ratio, freshToken[key][SYNCHRONOUS].ratio]
    return [
      [`a request with a fresh token: ${where}`, '≤ 1.02×', times(installed), is(installed < 1.025)],
      [`the same, synchronous: ${where}`, '≤ 1.00×', times(synchronous), is(synchronous < 1.005)],
    ]
  })
  const calls = Object.entries(storms).map(([name, of]) => {
    const { tokenCalls, served } = of[OURS]
    const figure = `${count(tokenCalls)}; ${count(served)} served`
    return [`token calls of 10,000 ${STORMS[name]}`, '1', figure, is(tokenCalls === 1 && served === 10_000)]
  })
  const heaps = Object.entries(memory)
    .filter(([name]) => name.startsWith(OURS))
    .map(([name, { early, late, count: requests }]) => [
      `heap after ${count(requests)} ${name === OURS ? 'requests' : 'keys'}, against a fifth of them`,
      'flat',
      `${megabytes(early)} → ${megabytes(late)}`,
      is(late < early * (1 + FLAT)),
    ])
  const { [`${OURS}: bearerAuth, clientCredentials`]: bearer, [`${OURS}: basicAuth`]: basic } = size
  return {
    key: 'held',
    title: 'Figures to hold',
    head: ['what', 'figure', 'measured', ''],
    rows: [
      ...costs,
      ...calls,
      [
        'of 10,000 requests at a renewal, wait while the old token is valid',
        '0',
        count(renewal.waited),
        is(renewal.waited === 0),
      ],
      ...heaps,
      [
        '`{ bearerAuth, clientCredentials }`, min+brotli',
        '≤ 3.0 kB',
        kilobytes(bearer.brotli),
        is(bearer.brotli <= 3000),
      ],
      ['`{ basicAuth }` alone, min+brotli', '≤ 1.2 kB', kilobytes(basic.brotli), is(basic.brotli <= 1200)],
    ],
  }
}

/** @type {Record<string, string>} */
const STORMS = {
  firstRequests: 'concurrent first requests',
  refusals: 'concurrent 401s',
  spreadRefusals: 'concurrent 401s, spread over 100 ms',
}

/** @param {Results} results @returns {Table} */
const freshToken = ({ freshToken }) => ({
  key: 'fresh',
  title: 'A request with a fresh token, against bare axios',
  head: [
    'median of paired ratios (p10 by p10)',
    ...Object.values(WAYS).map(({ title, unit }) => `${title}, ${unit}`),
  ],
  rows: Object.keys(freshToken.adapter).map((name) => [
    name,
    ...Object.keys(WAYS).map((way) => {
      const { ratio, lowRatio } = freshToken[way][name]
      return `${times(ratio)} (${lowRatio.toFixed(2)})`
    }),
  ]),
})

/** @param {Results} results @returns {Table} */
const firstRequests = ({ storms: { firstRequests } }) => ({
  key: 'first',
  title: '10,000 first requests at once',
  head: ['', 'ms', 'token calls', 'served', 'failed'],
  rows: Object.entries(firstRequests).map(([name, { milliseconds, tokenCalls, served, failed }]) => [
    name,
    ...[milliseconds, tokenCalls, served, failed].map(count),
  ]),
})

/** @param {Results} results @returns {Table} */
const refusals = ({ storms: { firstRequests, refusals, spreadRefusals }, noReplay }) => ({
  key: 'refused',
  title: '10,000 requests with a token that was revoked, at once',
  head: [
    '',
    '401s at once: ms',
    'token calls',
    'served',
    'failed',
    '401s within 100 ms: ms',
    'token calls',
    'served',
    'failed',
  ],
  rows: Object.keys(firstRequests).map((name) => [
    name,
    ...[refusals[name], spreadRefusals[name]].flatMap((storm) =>
      storm
        ? [storm.milliseconds, storm.tokenCalls, storm.served, storm.failed].map(count)
        : [`cannot: ${noReplay[name]}`, '', '', ''],
    ),
  ]),
})

/** @param {Results} results @returns {Table} */
const memory = ({ memory }) => {
  const [{ count: requests }] = Object.values(memory)
  return {
    key: 'memory',
    title: 'Heap after many requests',
    head: ['', `after ${count(requests / 5)}`, `after ${count(requests)}`],
    rows: Object.entries(memory).map(([name, { early, late }]) => [name, megabytes(early), megabytes(late)]),
  }
}

/** @param {Results} results @returns {Table} */
const weight = ({ size, importTime }) => ({
  key: 'weight',
  title: 'Size and import time, without axios',
  head: ['', 'minified', 'min+brotli', 'import, ms'],
  rows: Object.entries(size).map(([name, { minified, brotli }]) => [
    name,
    kilobytes(minified),
    kilobytes(brotli),
    importTime[name.replace(`${OURS}: all of it`, OURS)]?.toFixed(1) ?? '',
  ]),
})

/** @param {Results} results @returns {Table} */
const parts = ({ parts }) => ({
  key: 'parts',
  title: 'What bearerAuth with clientCredentials is made of',
  head: ['', 'minified'],
  rows: Object.entries(parts).map(([what, bytes]) => [what, kilobytes(bytes)]),
})

/** @param {Results} results */
export const chartsOf = ({ freshToken, storms, size }) => {
  const isOurs = (/** @type {string} */ name) => name.startsWith(OURS)
  const rowsOf = (/** @type {string[]} */ names) => names.map((name) => ({ name, isOurs: isOurs(name) }))
  const fresh = Object.keys(freshToken.adapter)
  const stormy = Object.keys(storms.firstRequests)
  const programs = Object.keys(size)
  const stormColumns = (/** @type {Record<string, any>} */ of, /** @type {string} */ title) => [
    {
      title,
      unit: 'milliseconds',
      figures: stormy.map((name) => of[name]?.milliseconds),
      show: count,
      missing: 'cannot',
    },
    {
      title: '',
      unit: 'callers served',
      figures: stormy.map((name) => of[name]?.served),
      show: count,
      missing: 'cannot',
    },
  ]
  return {
    'bench-fresh-token.svg': {
      heading: 'What a request with a fresh token costs on top of bare axios',
      rows: rowsOf(fresh),
      columns: Object.entries(WAYS).map(([way, { title, unit }]) => ({
        title,
        unit,
        figures: fresh.map((name) => freshToken[way][name].ratio - 1),
        // There is no -0 %.
        show: (/** @type {number} */ part) => `${Math.round(part * 100) + 0} %`,
      })),
      note: `Medians of interleaved rounds. “${AGAIN}” against bare axios: what differs is noise.`,
    },
    'bench-storms.svg': {
      heading: '10,000 requests at once',
      rows: rowsOf(stormy),
      columns: [
        ...stormColumns(storms.firstRequests, 'First requests'),
        ...stormColumns(storms.refusals, 'Token revoked'),
      ],
      note: 'Medians. Token calls take 10 ms. Bare axios has its token from the start.',
    },
    'bench-size.svg': {
      heading: 'Size with dependencies, without axios',
      rows: rowsOf(programs.map((name) => name.replace(`${OURS}: `, ''))).map(({ name }, row) => ({
        name,
        isOurs: isOurs(programs[row]),
      })),
      columns: [
        {
          title: 'Minified, brotli',
          unit: 'kB',
          figures: programs.map((name) => size[name].brotli / 1000),
          show: (/** @type {number} */ figure) => figure.toFixed(1),
        },
      ],
      note: 'In blue: this library.',
    },
  }
}
