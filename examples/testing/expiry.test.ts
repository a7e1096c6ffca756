import { tokenSource } from 'axios-auth-interceptors'

test('a token is replaced when it has expired', async () => {
  let now = 0
  let calls = 0
  const fetchToken = () => ({ value: `fake-token-${++calls}`, expiresIn: 600 })
  const source = tokenSource(fetchToken, { now: () => now, random: () => 0.5 })

  expect((await source.get()).value).toBe('fake-token-1')
  now += 5 * 60 * 1000
  expect((await source.get()).value).toBe('fake-token-1')
  now += 5 * 60 * 1000
  expect((await source.get()).value).toBe('fake-token-2')
})
