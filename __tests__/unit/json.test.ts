import { parsedJson, textOfBase64 } from '#lib/json'

test('what is no JSON says nothing', () => {
  expect([parsedJson('{"a":1}'), parsedJson('<html>'), parsedJson('')]).toEqual([
    { a: 1 },
    undefined,
    undefined,
  ])
})

test.each([
  ['in the alphabet of URLs', 'w7_DvsO8', 'ÿþü'],
  ['in the other one', 'w7/DvsO8', 'ÿþü'],
  ['that is no UTF-8', btoa('\xff'), undefined],
  ['that is none', '%', undefined],
])('base64 %s', (_, base64, expected) => {
  expect(textOfBase64(base64)).toBe(expected)
})
