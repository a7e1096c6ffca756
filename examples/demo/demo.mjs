// npm run demo: what the library does when tokens expire, are revoked or would leak, on real servers in real time.
import { basicAuth, bearerAuth, clientCredentials } from '../../dist/index.js'
import { acts } from './acts.mjs'
import { setStage } from './stage.mjs'
import { createTimeline } from './timeline.mjs'

const TOKEN_LIFE = 2 // seconds
const LONGEST_RUN = 15_000

/** All that it takes. */
const install = (issuer, api, credentials, onEvent) => {
  issuer.interceptors.request.use(basicAuth(credentials))
  api.interceptors.request.use(bearerAuth(clientCredentials(issuer, { url: '/token' }), { onEvent }))
}

const { note, flush, verdict, table, print, paint, mark, elapsed } = createTimeline()
setTimeout(() => {
  flush()
  print(`${mark(false)} not done after ${LONGEST_RUN / 1000} s`)
  process.exit(1)
}, LONGEST_RUN).unref()

print(
  paint('bold', 'axios-auth-interceptors: your axios requests carry a valid token, whatever happens to it.'),
)
print()
for (const line of String(install).split('\n').slice(1, -1)) print(paint('cyan', line))
print()
print(
  `Real servers on loopback: an OAuth 2.0 issuer (oidc-provider) whose tokens live ${TOKEN_LIFE} s, an API that wants`,
)
print('one with each request, and a stranger that should get none. Times are milliseconds since the start.')

const stage = await setStage({ install, tokenLife: TOKEN_LIFE, note })
const results = []
for (const { title, play } of acts) {
  const letter = 'abcde'[results.length]
  print()
  print(paint('bold', `${letter}) ${title}`))
  const checks = []
  const check = (label, figure, expected) => {
    const isRight = expected.atMost === undefined ? figure === expected : figure <= expected.atMost
    const inWords = expected.atMost === undefined ? String(expected) : `at most ${expected.atMost}`
    checks.push({ label, figure, expected: inWords, isRight })
  }
  let seen
  try {
    seen = await play(stage, { note, flush, check })
  } catch (error) {
    checks.push({
      label: `the act broke off: ${error.message}`,
      figure: '',
      expected: 'its end',
      isRight: false,
    })
  }
  flush()
  for (const one of checks) verdict(one)
  results.push({ title: `${letter}) ${title}`, seen, checks })
}
await stage.close()

const all = results.flatMap(({ checks }) => checks)
const right = all.filter(({ isRight }) => isRight)
print()
table(
  ['', 'token calls', '401s', 'served', 'figures right'],
  results.map(({ title, seen, checks }) => [
    title,
    seen?.tokenCalls ?? '',
    seen?.refused ?? '',
    seen?.served ?? '',
    `${checks.filter(({ isRight }) => isRight).length} of ${checks.length}`,
  ]),
)
print()
const isAllRight = right.length === all.length
print(
  `${mark(isAllRight)} ${right.length} of ${all.length} figures are what they should be, ${(elapsed() / 1000).toFixed(1)} s`,
)
process.exitCode = isAllRight ? 0 : 1
