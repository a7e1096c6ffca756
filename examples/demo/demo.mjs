// npm run demo: what the library does when tokens expire, are revoked or might leak. Real servers, in real time.
import { basicAuth, bearerAuth, clientCredentials } from '../../dist/index.js'
import { acts } from './acts.mjs'
import { setStage } from './stage.mjs'
import { createTimeline } from './timeline.mjs'

const TOKEN_LIFE = 2 // seconds
const LONGEST_RUN = 15 // seconds

// All that it takes. The demo prints these lines.
const install = (issuer, api, credentials, onEvent) => {
  issuer.interceptors.request.use(basicAuth(credentials))
  const fetchToken = clientCredentials(issuer, { url: '/token' })
  api.interceptors.request.use(bearerAuth(fetchToken, { onEvent }))
}

const timeline = createTimeline()
const { print, paint, tick, note, flush, judge, table, elapsed } = timeline

setTimeout(() => {
  flush()
  print(`${tick(false)} not at the end after ${LONGEST_RUN} s`)
  process.exit(1)
}, LONGEST_RUN * 1000).unref()

print(
  paint('bold', 'axios-auth-interceptors: your axios requests carry a valid token, whatever happens to it.'),
)
print()
for (const line of String(install).split('\n').slice(1, -1)) print(paint('cyan', line))
print()
print(`Real servers: an OAuth issuer (oidc-provider) whose tokens live ${TOKEN_LIFE} s, an API that wants`)
print('them, and a stranger who must not get one. The first column is milliseconds.')

const stage = await setStage({ install, tokenLife: TOKEN_LIFE, note })
const results = []
for (const [at, { name, title, play }] of acts.entries()) {
  const letter = 'abcde'[at]
  print()
  print(paint('bold', `${letter}) ${title}`))
  results.push({ name: `${letter}) ${name}`, ...(await perform(play)) })
}
await stage.close()

const all = results.flatMap(({ verdicts }) => verdicts)
const right = all.filter(({ isRight }) => isRight)
const isAllRight = right.length === all.length
print()
table(
  ['', 'token calls', '401s', 'served', 'errors for you', 'as it should be'],
  results.map(({ name, sum, verdicts }) => [
    name,
    ...[sum?.tokenCalls, sum?.refused, sum?.served, sum?.errors].map((figure) => figure ?? '?'),
    verdicts.every(({ isRight }) => isRight) ? 'yes' : 'NO',
  ]),
)
print()
print(
  `${tick(isAllRight)} ${right.length} of ${all.length} figures are as they should be, after ${(elapsed() / 1000).toFixed(1)} s`,
)
process.exitCode = isAllRight ? 0 : 1

/** Plays an act to its end, or to where it breaks off, and prints it. */
async function perform(play) {
  const verdicts = []
  const check = (label, figure, expected) => {
    const [isRight, inWords] =
      typeof expected === 'number'
        ? [figure === expected, `${expected}`]
        : [figure <= expected.atMost, `at most ${expected.atMost}`]
    verdicts.push({ label, figure, expected: inWords, isRight })
  }
  let sum
  try {
    sum = await play(stage, { ...timeline, check })
  } catch (error) {
    verdicts.push({ label: `broke off: ${error.message}`, figure: 1, expected: '0', isRight: false })
  }
  flush()
  for (const verdict of verdicts) judge(verdict)
  return { sum, verdicts }
}
