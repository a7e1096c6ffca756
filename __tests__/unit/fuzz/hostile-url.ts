import fc from 'fast-check'

// URLs as somebody would write them who wants to be taken for somebody else.

export const HOME = 'https://api.example.com'

const prefix = fc.constantFrom('', '', '', '', ' ', '\t', '\n', '\u0000', '\u00a0', '\ufeff', '/', '.')
const scheme = fc.constantFrom(
  ...['https:', 'https:', 'https:', 'http:', 'http:', '', '', 'HTTPS:', 'hTtP:', 'ht\ttps:', 'http\n:'],
  ...['ftp:', 'ws:', 'file:', 'data:', 'blob:https:', 'javascript:', 'foo:', ':', 'https', '%68ttps:'],
)
const slashes = fc.constantFrom(
  '//',
  '//',
  '//',
  '//',
  '/',
  '',
  '\\\\',
  '/\\',
  '\\/',
  '///',
  '/\t/',
  '\t//',
  '//\n',
)
const userInfo = fc.constantFrom(
  ...['', '', '', '', '', 'api.example.com@', 'me:mine@', 'api.example.com:443@', 'api.example.com%40', '@'],
  ...['api.example.com\\@', 'api.example.com/@', 'api.example.com#@', 'api.example.com?@', 'a@b@', ':@'],
)
const host = fc.constantFrom(
  ...[
    'api.example.com',
    'api.example.com',
    'API.Example.COM',
    'evil.example',
    'evil.example',
    'EVIL.example',
  ],
  ...[
    'api.example.com.',
    'evil.example.',
    'api.example.com.evil.example',
    'api-example.com',
    'sub.api.example.com',
  ],
  // What IDNA makes the same host, or another one.
  ...[
    'ａｐｉ.example.com',
    'api。example.com',
    'api\u00ad.example.com',
    'аpi.example.com',
    'münchen.example',
    'ﬃ.example',
  ],
  ...[
    '%61pi.example.com',
    'api%2eexample%2ecom',
    'api.example.com%00',
    'api.example.com%2fevil.example',
    '%',
  ],
  ...[
    'api\t.example.com',
    'api.exa\nmple.com',
    'api.example.com\u0000',
    'api example.com',
    '*',
    '',
    'a_b.example',
  ],
  ...[
    'localhost',
    'LOCALHOST',
    'localhost.',
    'app.localhost',
    'localhost.evil.example',
    '127.0.0.1',
    '127.1',
  ],
  ...[
    '2130706433',
    '0x7f.1',
    '0177.0.0.1',
    '127.0.0.1.evil.example',
    '[::1]',
    '[0:0:0:0:0:0:0:1]',
    '[::ffff:127.0.0.1]',
  ],
  ...['[::1', '::1', '0.0.0.0', '10.0.0.5', '1.2.3', 'xn--mnchen-3ya.example', 'xn--'],
)
const port = fc.constantFrom(
  '',
  '',
  '',
  '',
  ':443',
  ':80',
  ':8443',
  ':',
  ':0443',
  ':65536',
  ':4\t43',
  ':443evil',
  ':0',
)
const rest = fc.constantFrom(
  ...[
    '',
    '',
    '/',
    '/things',
    '/../..',
    '/%2e%2e/%2E%2e/x',
    '\\things',
    '?q=1',
    '#h',
    '?@evil.example/',
    '#@evil.example',
  ],
  ...['/@evil.example', '//evil.example', '/x?key=mine', '/\t', ' ', '/é', '/%', '/;x', '/..\\..\\'],
)

const assembled = fc.tuple(prefix, scheme, slashes, userInfo, host, port, rest).map((parts) => parts.join(''))
const mixed = fc
  .array(fc.oneof(scheme, slashes, userInfo, host, port, rest, prefix), { maxLength: 7 })
  .map((parts) => parts.join(''))

/** A hostile URL, mostly one that can be read. */
export const hostileUrl = fc.oneof(
  { weight: 6, arbitrary: assembled },
  { weight: 2, arbitrary: mixed },
  {
    weight: 2,
    arbitrary: fc.constantFrom(
      '',
      '/',
      '/things',
      'things?x=y',
      '../../x',
      '?q',
      '#h',
      'a:b',
      '@evil.example',
    ),
  },
  { weight: 1, arbitrary: fc.webUrl({ withQueryParameters: true, withFragments: true }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 12 }) },
)

export const baseUrl = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.constantFrom(
      ...[
        HOME,
        `${HOME}/v1`,
        `${HOME}/`,
        `${HOME}//`,
        `${HOME}:443/v1/`,
        `${HOME}?x`,
        `${HOME}#y`,
        'HTTPS://API.EXAMPLE.COM',
      ],
      ...[
        'http://api.example.com',
        'http://localhost:3000',
        'http://127.0.0.1',
        'http://[::1]:80',
        'http://app.localhost',
      ],
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom(undefined, '') },
  { weight: 2, arbitrary: hostileUrl },
)

export interface Parts {
  baseURL?: string
  url: string
  allowAbsoluteUrls?: boolean
}

export const parts: fc.Arbitrary<Parts> = fc
  .tuple(baseUrl, hostileUrl, fc.constantFrom(undefined, undefined, true, false))
  .map(([baseURL, url, allowAbsoluteUrls]) => ({
    url,
    ...(baseURL !== undefined && { baseURL }),
    ...(allowAbsoluteUrls !== undefined && { allowAbsoluteUrls }),
  }))

/** Lists of origins, as options. */
export const origins = fc.oneof(
  fc.constant(undefined),
  fc.uniqueArray(
    fc.constantFrom(
      ...[
        HOME,
        'https://api.example.com:8443',
        'http://api.example.com',
        'http://localhost',
        'HTTPS://EVIL.example/',
      ],
      ...[
        'http://127.0.0.1:8080',
        'https://münchen.example',
        'https://[::1]',
        'https://ａｐｉ.example.com',
        'http://10.0.0.5',
      ],
    ),
    { minLength: 1, maxLength: 4 },
  ),
)
