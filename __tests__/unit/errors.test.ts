import { AxiosError, type InternalAxiosRequestConfig } from 'axios'
import { AuthError, attachCause, causesOf, withoutSecrets } from '#lib/errors'

const config = { url: '/things' } as InternalAxiosRequestConfig

describe('an AuthError', () => {
  const error = () =>
    new AuthError('it failed', 'ERR_AUTH_TOKEN_REQUEST', {
      config,
      status: 400,
      error: 'invalid_client',
      error_description: 'who are you?',
      error_uri: undefined,
      retryAfter: 5,
      cause: new Error('why'),
    })

  test('is what axios makes of an error in JSON, and what the issuer said', () => {
    expect(JSON.parse(JSON.stringify(error()))).toMatchObject({
      name: 'AuthError',
      message: 'it failed',
      code: 'ERR_AUTH_TOKEN_REQUEST',
      config: { url: '/things' },
      status: 400,
      error: 'invalid_client',
      error_description: 'who are you?',
      retryAfter: 5,
    })
  })

  test('has own properties for what it says, and no others that can be listed', () => {
    const names = Object.keys(error())
    expect(names).toEqual(
      expect.arrayContaining(['code', 'status', 'error', 'error_description', 'retryAfter']),
    )
    for (const name of ['cause', 'toJSON', 'error_uri']) expect(names).not.toContain(name)
  })

  test('lets its cause and its way to JSON be replaced, as any error does', () => {
    const own = Object.assign(error(), { cause: 'mine', toJSON: () => 'mine' })
    expect([own.cause, JSON.stringify(own)]).toEqual(['mine', '"mine"'])
    for (const name of ['cause', 'toJSON']) expect(Reflect.deleteProperty(own, name)).toBe(true)
  })

  test('is the same for each request that it struck, with a config of its own', () => {
    const other = { url: '/others' } as InternalAxiosRequestConfig
    const struck = error().of(other)
    expect(struck).toMatchObject({ message: 'it failed', status: 400, retryAfter: 5, config: other })
    expect(struck.cause).toMatchObject({ message: 'why' })
  })
})

describe('a cause is copied without secrets', () => {
  test('name, message, code, status and stack, and nothing else', () => {
    const error = Object.assign(new AxiosError('it failed', 'ECONNRESET'), {
      status: 400,
      secret: 'fake-secret',
      stack: 'where',
    })
    const copy = withoutSecrets(error)
    expect(copy).toMatchObject({ name: 'AxiosError', message: 'it failed', stack: 'where' })
    expect(Object.entries(copy)).toEqual([
      ['name', 'AxiosError'],
      ['code', 'ECONNRESET'],
      ['status', 400],
    ])
  })

  test('code and status only where they are what they should be', () => {
    const error = Object.assign(new Error('it failed'), { code: { secret: 1 }, status: 'fake-secret' })
    expect(Object.keys(withoutSecrets(error))).toEqual(['name'])
  })

  test('what could not be read as JSON is not quoted', () => {
    const error = new SyntaxError('Unexpected token: fake-secret')
    const copy = withoutSecrets(error)
    expect([copy.name, copy.message, copy.stack]).toEqual([
      'SyntaxError',
      'malformed JSON',
      'SyntaxError: malformed JSON',
    ])
  })

  test('what is no error is told by its kind alone', () => {
    expect(withoutSecrets('fake-secret').message).toBe('something that is no Error was thrown: string')
  })

  test('its own causes, too, five at most', () => {
    const chain = (length: number): Error =>
      length === 0 ? new Error('0') : new Error(String(length), { cause: chain(length - 1) })
    const messages = (error: unknown): string[] =>
      error instanceof Error ? [error.message, ...messages(error.cause)] : []
    expect(messages(withoutSecrets(chain(2)))).toEqual(['2', '1', '0'])
    expect(messages(withoutSecrets(chain(9)))).toEqual(['9', '8', '7', '6', '5', '4'])
    expect(causesOf(chain(9))).toHaveLength(5)
  })

  test('an error that is its own cause has an end', () => {
    const error = new Error('it failed')
    attachCause(error, error)
    expect(withoutSecrets(error).message).toBe('it failed')
    expect(causesOf(error)).toHaveLength(5)
  })
})
