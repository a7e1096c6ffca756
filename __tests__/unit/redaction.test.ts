import { PassThrough } from 'node:stream'
import { inspect } from 'node:util'
import axios from 'axios'
import { hideLinks, redactionOf, redactTexts, veil } from '#lib/redaction'

const SECRET = 'fake-secret'
const redact = redactionOf([{ place: { in: 'header', name: 'X-API-Key' }, value: SECRET }])

describe('a credential in the query is found', () => {
  const values = ['a b', 'a: b', 'a$ b', 'a, b', "it's", "it's: a$ b, c/+ü&=#"]
  const writers: Readonly<Record<string, (value: string) => string>> = {
    'as it is': (value) => `k=${value}`,
    'as axios writes it': (value) => axios.getUri({ url: 'http://api.example/', params: { k: value } }),
    'as the URL parser writes what axios wrote': (value) =>
      new URL(axios.getUri({ url: 'http://api.example/', params: { k: value } })).href,
    'as a form': (value) => new URLSearchParams({ k: value }).toString(),
    'as encodeURIComponent writes it': (value) => `k=${encodeURIComponent(value)}`,
  }
  test.each(
    Object.entries(writers).flatMap(([how, write]) => values.map((value) => [how, value, write] as const)),
  )('%s: %s', (_, value, write) => {
    const redactParam = redactionOf([{ place: { in: 'query', name: 'k' }, value }])
    expect(redactParam(write(value))).toMatch(/k=\[redacted\]$/)
  })
})

test('an empty credential is found nowhere', () => {
  expect(redactionOf([{ place: { in: 'header', name: 'X-API-Key' }, value: '' }])('a text')).toBe('a text')
})

describe('a veiled request', () => {
  const veiled = <T extends object>(real: T): T => veil(real, redact)

  test('shows its method and its URL when it is printed, and nothing else', () => {
    const real = { method: 'GET', path: `/things?key=${SECRET}`, host: 80, header: SECRET, agent: {} }
    expect(JSON.parse(JSON.stringify(veiled(real)))).toEqual({
      method: 'GET',
      path: '/things?key=[redacted]',
    })
    expect(inspect(veiled(real))).toBe("{ method: 'GET', path: '/things?key=[redacted]' }")
  })

  test('is not printed by a method of its own, which has to do with the real one', () => {
    class Own {
      get method(): string {
        return 'GET'
      }

      [inspect.custom](): string {
        return SECRET
      }
    }
    expect(inspect(veiled(new Own()))).toBe("Own { method: 'GET' }")
  })

  test('can be read, without credentials in any text, however deep', () => {
    const real = { lines: ['a', SECRET], at: { line: [`x: ${SECRET}`] }, nothing: null, port: 80 }
    const { lines, at, nothing, port } = veiled(real)
    expect([lines, nothing, port]).toEqual([['a', '[redacted]'], null, 80])
    expect(at.line).toEqual(['x: [redacted]'])
  })

  test('follows the real one, and writes through to it', () => {
    const real = { path: '/old', isOver: false }
    const seen = veiled(real)
    real.path = '/new'
    seen.isOver = true
    expect([seen.path, real.isOver, 'isOver' in seen, 'other' in seen]).toEqual(['/new', true, true, false])
  })

  test('calls its methods on the real one', () => {
    const calls: unknown[] = []
    const real = {
      line: SECRET,
      lineOf(this: unknown, name: string) {
        calls.push(this, name)
        return SECRET
      },
    }
    const { lineOf } = veiled(real)
    expect(lineOf('X-API-Key')).toBe('[redacted]')
    expect(calls).toEqual([real, 'X-API-Key'])
    expect(veiled(real).constructor).toBe(Object)
  })
})

describe('what a stream leads to', () => {
  test('is hidden from printing, and can still be read', () => {
    const socket = { header: SECRET }
    const stream = Object.assign(new PassThrough(), { socket, nothing: null, length: 7, read: () => 1 })
    hideLinks(stream, redact)
    expect(Object.keys(stream)).not.toContain('socket')
    expect(Object.keys(stream)).not.toContain('nothing')
    expect(Object.keys(stream)).toEqual(expect.arrayContaining(['length', 'read']))
    expect(stream.socket).toBe(socket)
  })

  test('loses credentials in its texts', () => {
    const stream = Object.assign(new PassThrough(), { url: `/things?key=${SECRET}`, statusMessage: 'OK' })
    hideLinks(stream, redact)
    expect([stream.url, stream.statusMessage]).toEqual(['/things?key=[redacted]', 'OK'])
    stream.url = 'mine'
    expect(stream.url).toBe('mine')
  })

  test('stays as it is where it cannot be changed, or is not shown anyhow', () => {
    const stream = {}
    const hidden = { value: SECRET, configurable: true, enumerable: false }
    const fixed = { value: {}, configurable: false, enumerable: true }
    const asked = { get: () => 'asked', configurable: true, enumerable: true }
    Object.defineProperties(stream, { hidden, fixed, asked })
    const before = Object.getOwnPropertyDescriptors(stream)
    hideLinks(stream, redact)
    expect(Object.getOwnPropertyDescriptors(stream)).toEqual(before)
  })

  test('stays as it is where no text needs a change', () => {
    const stream = {}
    Object.defineProperty(stream, 'statusMessage', { value: 'OK', configurable: true, enumerable: true })
    const define = jest.spyOn(Object, 'defineProperty')
    hideLinks(stream, redact)
    expect(define).not.toHaveBeenCalled()
    define.mockRestore()
  })
})

describe('the texts of an error', () => {
  test('lose credentials, those of its causes, too', () => {
    const cause = new Error(`GET /things?key=${SECRET} failed`)
    const error = new Error('it failed', { cause })
    error.stack = `Error: it failed\n    at ${SECRET}`
    redactTexts(error, redact)
    expect(error.message).toBe('it failed')
    expect(error.stack).toBe('Error: it failed\n    at [redacted]')
    expect(cause.message).toBe('GET /things?key=[redacted] failed')
    expect(cause.stack).toContain('GET /things?key=[redacted] failed')
    // Whoever has it may go on writing into it.
    for (const name of ['message', 'stack'] as const) {
      cause[name] = 'mine'
      expect(cause[name]).toBe('mine')
      expect(Reflect.deleteProperty(cause, name)).toBe(true)
    }
  })

  test('are not touched where they hold none: the error may be frozen', () => {
    const error = Object.freeze(new Error('it failed'))
    expect(() => redactTexts(error, redact)).not.toThrow()
  })

  test('are left out of an error that has no stack', () => {
    const error = new Error(SECRET)
    Reflect.deleteProperty(error, 'stack')
    const { stack } = error
    redactTexts(error, redact)
    expect([error.message, error.stack]).toEqual(['[redacted]', stack])
  })

  test('lose them also where the text can only be read, as that of a DOMException', () => {
    const error = Object.create(Error.prototype, { stack: { value: '', configurable: true } }) as Error
    Object.defineProperty(error, 'message', { get: () => `?key=${SECRET}`, configurable: true })
    redactTexts(error, redact)
    expect(error.message).toBe('?key=[redacted]')
  })
})
