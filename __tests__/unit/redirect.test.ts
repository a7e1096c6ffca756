import { AxiosHeaders, type AxiosResponse, type InternalAxiosRequestConfig } from 'axios'
import type { CredentialsPlace } from '#lib'
import { cleanLocation, guardRedirects, redirected } from '#lib/redirect'
import { targetAt } from '#lib/target'

const HOME = 'http://home.example'
const configOf = (config: object = {}) =>
  ({ headers: new AxiosHeaders(), ...config }) as InternalAxiosRequestConfig
const responseOf = (status: number, headers: Record<string, string>) =>
  ({ status, headers: new AxiosHeaders(headers) }) as unknown as AxiosResponse

describe('what the http adapter is about to follow', () => {
  /** The options of the next request, as they were changed, for a space that is `home` and this one. */
  function followed(place: CredentialsPlace, next: Record<string, unknown>) {
    const hosts: string[] = []
    const guard = guardRedirects(
      configOf(),
      ({ url }) => {
        hosts.push(url.host)
        return url.hostname === 'home.example' || url.hostname === '[::1]'
      },
      [{ place, value: 'fake-1' }],
    )
    const options = { protocol: 'http:', hostname: 'home.example', path: '/', headers: {}, ...next }
    guard(options, { headers: {}, statusCode: 302 as never }, {} as never)
    return { ...(options as { headers: unknown; path?: unknown; href?: unknown }), asked: hosts }
  }
  const COOKIE: CredentialsPlace = { in: 'cookie', name: 'sid' }
  const PARAM: CredentialsPlace = { in: 'query', name: 'key' }

  test.each<[string, Record<string, unknown>, string[]]>([
    ['a host', { path: '/there?a=1' }, ['home.example']],
    ['a host and a port', { port: 8080 }, ['home.example:8080']],
    ['an IPv6 address, as Node has it', { hostname: '::1' }, ['[::1]']],
    ['an IPv6 address in brackets', { hostname: '[::1]' }, ['[::1]']],
    [
      'a proxy, with the whole URL as its path',
      { hostname: 'proxy', path: 'http://home.example/a' },
      ['home.example'],
    ],
    ['the same over https', { hostname: 'proxy', path: 'HTTPS://home.example/a' }, ['home.example']],
    ['a path that has a URL in it', { path: '/to?http://other.example/' }, ['home.example']],
    ['no path', { path: undefined }, ['home.example']],
    ['what is no URL', { hostname: 'no host' }, []],
    ['no host', { hostname: undefined }, []],
  ])('is judged by its URL: %s', (_, next, asked) => {
    expect(followed(PARAM, next).asked).toEqual(asked)
  })

  test.each([
    ['mine=1; sid=fake-1', 'mine=1; sid=fake-1', 'mine=1'],
    ['sid=fake-1;mine=1;  other=2', 'mine=1; other=2; sid=fake-1', 'mine=1; other=2'],
    ['sid=fake-1', 'sid=fake-1', undefined],
    ['', 'sid=fake-1', undefined],
    [undefined, 'sid=fake-1', undefined],
    ['sid=mine', 'sid=mine; sid=fake-1', 'sid=mine'],
  ])('has the cookies of the caller, and ours where it may: %s', (field, inside, outside) => {
    for (const name of ['cookie', 'Cookie']) {
      const headers = field === undefined ? {} : { Accept: 'text/*', [name]: field }
      const rest = field === undefined ? {} : { Accept: 'text/*' }
      expect(followed(COOKIE, { headers: { ...headers } }).headers).toEqual({ ...rest, Cookie: inside })
      const out = followed(COOKIE, { hostname: 'other.example', headers: { ...headers } })
      expect(out.headers).toEqual(outside === undefined ? rest : { ...rest, Cookie: outside })
    }
  })

  test.each([
    ['/there', '/there?key=fake-1', '/there'],
    ['/there?a=b%20c', '/there?a=b%20c&key=fake-1', '/there?a=b%20c'],
    ['/there?key=mine', '/there?key=mine', '/there'],
    ['/there?a=1&key=fake-1&b=2', '/there?a=1&key=fake-1&b=2', '/there?a=1&b=2'],
    ["/there?a='1'", '/there?a=%271%27&key=fake-1', '/there?a=%271%27'],
  ])('has the parameter where it may: %s', (path, inside, outside) => {
    const search = (url: string): string => url.slice('/there'.length)
    expect(followed(PARAM, { path })).toMatchObject({
      path: inside,
      pathname: '/there',
      search: search(inside),
      href: HOME + inside,
    })
    expect(followed(PARAM, { path, hostname: 'other.example' })).toMatchObject({
      path: outside,
      search: search(outside),
    })
  })

  test.each(['http', 'https', 'HTTPS'])('goes to a proxy with the whole URL: %s', (protocol) => {
    const { path } = followed(PARAM, { hostname: 'proxy', path: `${protocol}://home.example/a?b=1` })
    expect(path).toBe(`${protocol.toLowerCase()}://home.example/a?b=1&key=fake-1`)
  })

  test('goes elsewhere with its path, though there is a URL in it', () => {
    const { path } = followed(PARAM, { path: '/to?next=http://other.example/' })
    expect(path).toBe('/to?next=http://other.example/&key=fake-1')
  })

  test('is left alone where it is no URL', () => {
    const { path, href } = followed(PARAM, { hostname: 'no host', path: '/a?key=fake-1' })
    expect([path, href]).toEqual(['/a?key=fake-1', undefined])
  })
})

describe('the Location that a caller sees', () => {
  const locationOf = (location: string, place: CredentialsPlace = { in: 'query', name: 'key' }) => {
    const response = responseOf(302, { location })
    cleanLocation(response, targetAt(new URL(`${HOME}/a/b`)), [{ place, value: 'fake-1' }])
    return response.headers.location as unknown
  }

  test.each([
    ['/there?key=fake-1', `${HOME}/there`],
    ['there?x=1&key=fake-1', `${HOME}/a/there?x=1`],
    ['https://other.example/?key=fake-1&x=1', 'https://other.example/?x=1'],
    ['/there?other=1', '/there?other=1'],
    ['/there/key=fake-1', '/there/key=fake-1'],
    ['http://?key=fake-1', 'http://?key=fake-1'],
  ])('loses our parameter, and else stays as it was written: %s', (location, expected) => {
    expect(locationOf(location)).toBe(expected)
  })

  test('is not touched for credentials in another place', () => {
    expect(locationOf('/there?key=1', { in: 'header', name: 'key' })).toBe('/there?key=1')
  })
})

describe('a redirect that is followed by hand', () => {
  const next = (status: number, location: string, config: object = {}, from = `${HOME}/a`) =>
    redirected(configOf({ method: 'get', ...config }), new URL(from), responseOf(status, { location }))

  test.each([
    'ftp://home.example/',
    'data:http://x',
    'ahttp://home.example/',
    'httpsx://home.example/',
    'http://',
  ])('leads nowhere but over http: %s', (location) => {
    expect(next(302, location)).toBeUndefined()
  })

  test.each([200, 300, 304, 305, 306, 400])('is none with status %d', (status) => {
    expect(next(status, '/b')).toBeUndefined()
  })

  test.each([
    [301, 'post', 'get'],
    [302, 'POST', 'get'],
    [303, 'post', 'get'],
    [303, 'put', 'get'],
    [303, 'PROPFIND', 'get'],
    [303, 'target', 'get'],
    [303, 'getter', 'get'],
    [303, 'get', 'get'],
    [303, 'head', 'head'],
    [302, 'put', 'put'],
    [301, 'delete', 'delete'],
    [307, 'post', 'post'],
    [308, 'post', 'post'],
  ])('after %d, %s becomes %s, and the body goes with it', (status, method, expected) => {
    const headers = new AxiosHeaders({ 'Content-Type': 'text/plain', 'X-Mine': '1' })
    const sent = next(status, '/b', { method, data: 'a body', headers })
    const keepsBody = method.toLowerCase() === expected
    expect([sent?.method, sent?.data]).toEqual(keepsBody ? [method, 'a body'] : ['get', undefined])
    expect(sent?.headers.toJSON()).toEqual(
      keepsBody ? { 'Content-Type': 'text/plain', 'X-Mine': '1' } : { 'X-Mine': '1' },
    )
    expect(headers.has('Content-Type')).toBe(true)
  })

  test('takes along to another origin only what fetch would', () => {
    const config = () => ({
      auth: { username: 'ann', password: 'fake' },
      sensitiveHeaders: ['X-Secret'],
      headers: new AxiosHeaders({
        Authorization: 'fake',
        Cookie: 'a=1',
        Host: 'x',
        'X-Secret': '1',
        'X-Mine': '1',
      }),
    })
    const away = next(302, 'http://other.example/', config())
    expect([away?.headers.toJSON(), away?.auth]).toEqual([{ 'X-Mine': '1' }, undefined])
    const home = next(302, '/b', config())
    expect([home?.headers.toJSON(), home?.auth]).toEqual([config().headers.toJSON(), config().auth])
  })

  test('stays at home where the caller is, and goes to one whole URL', () => {
    const sent = next(302, '../b?c', { baseURL: `${HOME}/v1`, params: { d: 1 } }, `${HOME}/v1/a/`)
    expect(sent).toMatchObject({ url: `${HOME}/v1/b?c`, baseURL: `${HOME}/v1`, params: undefined })
  })
})
