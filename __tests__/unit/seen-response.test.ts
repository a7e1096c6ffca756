import { AxiosHeaders, type AxiosResponse } from 'axios'
import { headerOf } from '#lib/response-header'
import { SeenResponse } from '#lib/seen-response'

const seen = (response: object) => new SeenResponse(response as AxiosResponse)

test.each<[string, unknown, unknown]>([
  ['JSON in text, parsed', '{"a":1}', { a: 1 }],
  ['a text that is no JSON, as it is', 'a text', 'a text'],
  ['an object', { a: 1 }, { a: 1 }],
  ['a list that looks like JSON when it is text', ['1'], ['1']],
  ['nothing', undefined, undefined],
])('a scheme sees %s', (_, data, expected) => {
  expect(seen({ data }).data).toEqual(expected)
})

describe.each<[string, (headers: Record<string, unknown>) => unknown]>([
  ['of axios', (headers) => new AxiosHeaders(headers as Record<string, string>)],
  ['in a plain object', (headers) => headers],
])('headers %s', (_, headersOf) => {
  test.each<[string, unknown, string]>([
    ['a text', 'Bearer', 'Bearer'],
    ['a list', ['Basic', 'Bearer error="invalid_token"'], 'Basic, Bearer error="invalid_token"'],
    ['a number, as a mock may give it', 20, '20'],
  ])('that are %s are read by any case of their name', (_, value, expected) => {
    const response = seen({ headers: headersOf({ 'WWW-Authenticate': value }) })
    expect(response.header('www-authenticate')).toBe(expected)
    expect(response.header('WWW-Authenticate')).toBe(expected)
    expect(response.header('x-other')).toBeUndefined()
  })

  test('with challenges in a list show each', () => {
    const response = seen({ headers: headersOf({ 'www-authenticate': ['Basic', 'Bearer'] }) })
    expect(response.challenges.map(({ scheme }) => scheme)).toEqual(['basic', 'bearer'])
  })
})

test.each([null, { a: 1 }, true])('a header that is %p says nothing', (value) => {
  expect(headerOf({ headers: { date: value } as object }, 'date')).toBeUndefined()
})

test.each([undefined, null, 'text'])('headers that are %s have nothing', (headers) => {
  expect(headerOf({ headers } as object, 'date')).toBeUndefined()
})
