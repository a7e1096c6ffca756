import axios from 'axios'
import { AuthError } from '#lib'
import { expectClear, failureOf, startVendor, steerableClock, until } from './vendor-server'
import { ID, recipes, SECRET } from './wires'

const clock = steerableClock()

describe.each(Object.entries(recipes))('%s', (_, recipe) => {
  async function connected() {
    const vendor = await startVendor(recipe)
    return { vendor, api: recipe.connect(vendor.url) }
  }

  test('gets a token as its documentation asks, once, and lets in what travels with it', async () => {
    const { vendor, api } = await connected()
    const answers = await Promise.all([1, 2, 3].map((page) => api.get('/reports', { params: { page } })))
    expect(answers.map(({ data }) => data)).toEqual(Array(3).fill({ you: 'are in' }))
    await api.get('/reports')
    expect(vendor.log).toEqual(['login', 'served', 'served', 'served', 'served'])
  })

  test('denies a revoked token: a new one is got and the request is sent again, body and all', async () => {
    const { vendor, api } = await connected()
    await api.get('/reports')
    vendor.revoke()
    vendor.log.length = 0
    const { data } = await api.post('/reports', { name: 'Ü' }, { params: { a: 'b c' } })
    expect(data).toEqual({ you: 'are in' })
    expect(vendor.log.filter((entry) => !/^(?:keep-alive|refreshtoken)$/.test(entry))).toEqual([
      'denied',
      'login',
      'served',
    ])
    const { method, path, query, body } = vendor.served[1] ?? {}
    expect([method, path, query?.get('a'), body]).toEqual(['POST', '/reports', 'b c', '{"name":"Ü"}'])
  })

  test('denies the login: the error says so, without a secret', async () => {
    const { vendor, api } = await connected()
    vendor.isLocked = true
    const error = await failureOf(api.get('/reports'))
    expectClear(error, recipe.complaint, [SECRET, Buffer.from(`${ID}:${SECRET}`).toString('base64')])
    expect(vendor.log).toEqual(['login'])
  })

  test('denies the token and the next login: the caller sees its 401, with why as the cause', async () => {
    const { vendor, api } = await connected()
    await api.get('/reports')
    vendor.revoke()
    vendor.isLocked = true
    const error = await failureOf(api.get('/reports'))
    expect(error).not.toBeInstanceOf(AuthError)
    expect(axios.isAxiosError(error) && error.response?.status).toBe(401)
    expect(JSON.stringify(error.response?.data)).toBe(recipe.deniesCall.body)
    expectClear(error.cause, recipe.complaint, [SECRET])
  })

  if (recipe.isIdle) {
    test('keeps a token that is used, and has an idle one replaced', async () => {
      const { vendor, api } = await connected()
      for (let hour = 0; hour < 4; hour += 1) {
        await api.get('/reports')
        clock.pass(recipe.life * 0.9)
      }
      expect(vendor.grants()).toBe(1)
      clock.pass(recipe.life)
      await api.get('/reports')
      expect(vendor.log.slice(-3)).toEqual(['denied', 'login', 'served'])
    })
  } else {
    test('never sees a token that is over', async () => {
      const { vendor, api } = await connected()
      for (let at = 0; at < 4; at += 1) {
        await api.get('/reports')
        clock.pass(recipe.life)
      }
      expect(vendor.log).not.toContain('denied')
      expect(vendor.grants()).toBe(4)
    })

    test('gives a new token behind a request while the old one still works', async () => {
      const { vendor, api } = await connected()
      await api.get('/reports')
      clock.pass(recipe.life * 0.94)
      await api.get('/reports')
      await until(() => vendor.grants() === 2)
      await api.get('/reports')
      clock.pass(recipe.life * 0.5)
      await api.get('/reports')
      expect(vendor.grants()).toBe(2)
    })
  }
})
