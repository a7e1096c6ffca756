import type { AxiosInstance } from 'axios'
import { remedy } from '../../examples/vendors/bmc'
import { falcon } from '../../examples/vendors/crowdstrike'
import { fmc } from '../../examples/vendors/fmc'
import { jamfPro } from '../../examples/vendors/jamf'
import { graph } from '../../examples/vendors/microsoft-graph'
import { threatResponse } from '../../examples/vendors/sample-workflow'
import { sna } from '../../examples/vendors/sna'
import { splunk } from '../../examples/vendors/splunk'
import { umbrella } from '../../examples/vendors/umbrella'
import { xdr } from '../../examples/vendors/xdr'
import { zoho } from '../../examples/vendors/zoho'
import { type Answer, authorized, type Call, form, isBasic, json, type Wire } from './vendor-server'

/** The wire formats of vendors with an issuer, as their public documentation has them, and the recipes for them. */
export interface Recipe extends Wire {
  readonly connect: (url: string) => AxiosInstance
  /** What the recipe says when the vendor denies the login. */
  readonly complaint: RegExp
}

export const ID = 'fake-id'
/** With characters that a form has to encode. */
export const SECRET = 'fake-s+e/c=r&t ü'
const REFRESH_TOKEN = '1000.fake-refresh'

const MINUTE = 60_000
const HOUR = 60 * MINUTE

const rfc6749 = (life: number, more = {}, status = 200): Wire['grants'] => {
  return (token) =>
    json(status, { access_token: token, token_type: 'bearer', expires_in: life / 1000, ...more })
}

const xdrWire: Wire = {
  login: 'POST /iroh/oauth2/token',
  accepts: (call) => isBasic(call, ID, SECRET) && form({ grant_type: 'client_credentials' }, call),
  grants: rfc6749(10 * MINUTE, { scope: 'inspect:read enrich:read' }),
  deniesLogin: json(400, { error: 'invalid_client', error_description: 'unknown client' }),
  carried: authorized('Bearer'),
  deniesCall: json(401, { error: 'invalid_token', error_description: 'expired' }),
  life: 10 * MINUTE,
}

const jwt = (serial: number): string => {
  const now = Math.floor(Date.now() / 1000)
  const claims = {
    sub: ID,
    iss: 'ar.example.com',
    iat: now,
    nbf: now - 120,
    exp: now + 3600,
    _cacheId: serial,
  }
  const part = (value: object): string => Buffer.from(JSON.stringify(value)).toString('base64url')
  return `${part({ typ: 'JWT', alg: 'HS256' })}.${part(claims)}.fake-signature`
}

const bmcError = json(401, [
  { messageType: 'ERROR', messageText: 'Authentication failed', messageNumber: 623, messageAppendedText: ID },
])

const fmcTokens = (token: string, serial: number): Answer => ({
  status: 204,
  headers: {
    'X-auth-access-token': token,
    'X-auth-refresh-token': `fake-refresh-${serial}`,
    DOMAIN_UUID: 'e276abec-e0f2-11e3-8169-6d9ed49b625f',
  },
})
const fmcError = (description: string): Answer =>
  json(401, { error: { category: 'FRAMEWORK', messages: [{ description }], severity: 'ERROR' } })

const cookiesOf = ({ headers }: Call): Record<string, string> =>
  Object.fromEntries((headers.cookie ?? '').split('; ').map((pair) => pair.split(/=(.*)/s).slice(0, 2)))
// Encoded characters must come back as they were sent.
const xsrf = (token: string): string => `fake-xsrf%2F${token}`

const springError = (path: string): Answer =>
  json(401, { timestamp: '2026-01-01T00:00:00Z', status: 401, error: 'Unauthorized', path })

const falconError = (message: string, code: number): Answer =>
  json(code, { meta: { query_time: 1e-7, powered_by: 'csam', trace_id: '1' }, errors: [{ code, message }] })

export const recipes: Record<string, Recipe> = {
  'the sample workflow': {
    ...xdrWire,
    connect: (url) => threatResponse(url, url, ID, SECRET),
    complaint: /^The token request failed with status 400, invalid_client \(unknown client\)$/,
  },
  'Cisco XDR': {
    ...xdrWire,
    connect(url) {
      const api = xdr(ID, SECRET, [url], url)
      api.defaults.baseURL = url
      return api
    },
    complaint: /^The token request failed with status 400, invalid_client \(unknown client\)$/,
  },
  'Cisco Umbrella': {
    connect: (url) => umbrella(ID, SECRET, url),
    login: 'POST /auth/v2/token',
    accepts: (call) => isBasic(call, ID, SECRET) && form({ grant_type: 'client_credentials' }, call),
    grants: rfc6749(HOUR),
    deniesLogin: json(401, { message: 'Unauthorized' }),
    complaint: /^The token request failed with status 401$/,
    carried: authorized('Bearer'),
    deniesCall: json(401, { message: 'Unauthorized' }),
    life: HOUR,
  },
  'Microsoft Graph': {
    connect: (url) => graph({ tenant: 'contoso', clientId: ID, clientSecret: SECRET }, url, url),
    login: 'POST /contoso/oauth2/v2.0/token',
    accepts: (call) =>
      form(
        {
          grant_type: 'client_credentials',
          scope: 'https://graph.microsoft.com/.default',
          client_id: ID,
          client_secret: SECRET,
        },
        call,
      ),
    grants: rfc6749(3599_000, { token_type: 'Bearer', ext_expires_in: 3599 }),
    deniesLogin: json(401, {
      error: 'invalid_client',
      error_description: `AADSTS7000215: Invalid client secret provided for app '${ID}'. Trace ID: 1`,
      error_codes: [7000215],
      timestamp: '2026-01-01 00:00:00Z',
      trace_id: '1',
      correlation_id: '2',
      error_uri: 'https://login.microsoftonline.com/error?code=7000215',
    }),
    complaint: /status 401, invalid_client \(AADSTS7000215: Invalid client secret provided/,
    carried: authorized('Bearer'),
    deniesCall: json(
      401,
      {
        error: {
          code: 'InvalidAuthenticationToken',
          message: 'Lifetime validation failed, the token is expired.',
          innerError: { 'request-id': '1' },
        },
      },
      {
        'www-authenticate':
          'Bearer realm="", authorization_uri="https://login.microsoftonline.com/common/oauth2/authorize", client_id="00000003-0000-0000-c000-000000000000"',
      },
    ),
    life: 3599_000,
  },
  'CrowdStrike Falcon': {
    connect: (url) => falcon(ID, SECRET, url),
    login: 'POST /oauth2/token',
    accepts: (call) => form({ grant_type: 'client_credentials', client_id: ID, client_secret: SECRET }, call),
    grants: rfc6749(1799_000, {}, 201),
    deniesLogin: falconError('access denied, authorization failed', 403),
    complaint: /^The token request failed with status 403$/,
    carried: authorized('Bearer'),
    deniesCall: falconError('access denied, invalid bearer token', 401),
    life: 1799_000,
  },
  Zoho: {
    connect: (url) => zoho(url, url, { clientId: ID, clientSecret: SECRET, refreshToken: REFRESH_TOKEN }),
    login: 'POST /oauth/v2/token',
    accepts: (call) =>
      form(
        {
          grant_type: 'refresh_token',
          refresh_token: REFRESH_TOKEN,
          client_id: ID,
          client_secret: SECRET,
        },
        call,
      ),
    // As Zoho Writer has it: the life in milliseconds.
    grants: (token) =>
      json(200, {
        access_token: token,
        expires_in_sec: 3600,
        api_domain: 'https://www.zohoapis.com',
        token_type: 'Bearer',
        expires_in: HOUR,
      }),
    deniesLogin: json(200, { error: 'invalid_code' }),
    complaint: /^The token response says invalid_code$/,
    carried: authorized('Zoho-oauthtoken'),
    deniesCall: json(401, {
      code: 'INVALID_TOKEN',
      details: {},
      message: 'invalid oauth token',
      status: 'error',
    }),
    life: HOUR,
    token: (serial) => `1000.fake.${serial}`,
  },
  'BMC Remedy': {
    connect: (url) => remedy(url, ID, SECRET),
    login: 'POST /api/jwt/login',
    accepts: (call) => form({ username: ID, password: SECRET }, call),
    grants: (token) => ({ status: 200, headers: { 'content-type': 'text/plain' }, body: token }),
    deniesLogin: bmcError,
    complaint: /^The token request failed with status 401$/,
    carried: authorized('AR-JWT'),
    deniesCall: bmcError,
    life: HOUR,
    token: jwt,
  },
  Splunk: {
    connect: (url) => splunk(url, ID, SECRET),
    login: 'POST /services/auth/login',
    accepts: (call) => form({ username: ID, password: SECRET }, call),
    grants: (token) => json(200, { sessionKey: token, message: '', code: '' }),
    deniesLogin: json(401, {
      messages: [{ type: 'WARN', code: 'incorrect_username_or_password', text: 'Login failed' }],
    }),
    complaint: /^The token request failed with status 401$/,
    carried: authorized('Splunk'),
    // It asks everybody for Basic.
    deniesCall: json(
      401,
      { messages: [{ type: 'WARN', text: 'call not properly authenticated' }] },
      { 'www-authenticate': 'Basic realm="/splunk"' },
    ),
    life: HOUR,
    isIdle: true,
    token: (serial) => `fake^key_${serial}`,
    // Without `output_mode` the answer is XML.
    also: ({ path, query }) =>
      path.endsWith('/login') && query.get('output_mode') !== 'json'
        ? {
            status: 200,
            headers: { 'content-type': 'text/xml' },
            body: '<response><sessionKey>1</sessionKey></response>',
          }
        : undefined,
  },
  'Cisco Secure Firewall': {
    connect: (url) => fmc(url, ID, SECRET),
    login: 'POST /api/fmc_platform/v1/auth/generatetoken',
    accepts: (call) => isBasic(call, ID, SECRET) && call.body === '',
    grants: fmcTokens,
    deniesLogin: fmcError('Invalid credentials.'),
    complaint: /^The token request failed with status 401$/,
    carried: ({ headers }) => headers['x-auth-access-token'] as string | undefined,
    deniesCall: fmcError('Access token invalid.'),
    life: 30 * MINUTE,
    // A refresh takes both tokens, and no Basic; three times.
    also: ({ path, headers }, vendor) => {
      if (!path.endsWith('/auth/refreshtoken')) return undefined
      const access = headers['x-auth-access-token'] as string
      const fits = headers['x-auth-refresh-token'] === access?.replace('token', 'refresh')
      const used = vendor.log
        .slice(vendor.log.lastIndexOf('login'))
        .filter((entry) => entry === 'refreshtoken')
      if (!fits || !vendor.isValid(access) || headers.authorization || used.length === 3)
        return fmcError('Invalid refresh token.')
      vendor.revoke()
      return vendor.issue()
    },
  },
  'Cisco Secure Network Analytics': {
    connect: (url) => sna(url, ID, SECRET),
    login: 'POST /token/v2/authenticate',
    accepts: (call) => form({ username: ID, password: SECRET }, call),
    grants: (token) => ({
      status: 200,
      headers: {
        'set-cookie': [
          `stealthwatch.jwt=${token}; Path=/; Secure; HttpOnly`,
          `XSRF-TOKEN=${xsrf(token)}; Path=/; Secure`,
        ],
      },
    }),
    deniesLogin: springError('/token/v2/authenticate'),
    complaint: /^The token request failed with status 401, Unauthorized$/,
    carried(call) {
      const { 'stealthwatch.jwt': token = '', 'XSRF-TOKEN': cookie } = cookiesOf(call)
      return [cookie, call.headers['x-xsrf-token']].every((value) => value === xsrf(token))
        ? token
        : undefined
    },
    deniesCall: springError('/sw-reporting/v1/tenants'),
    life: 20 * MINUTE,
    isIdle: true,
  },
  'Jamf Pro': {
    connect: (url) => jamfPro(url, ID, SECRET),
    login: 'POST /api/v1/auth/token',
    accepts: (call) => isBasic(call, ID, SECRET) && call.body === '',
    grants: (token) => json(200, { token, expires: new Date(Date.now() + 30 * MINUTE).toISOString() }),
    deniesLogin: json(401, { httpStatus: 401, errors: [] }),
    complaint: /^The token request failed with status 401$/,
    carried: authorized('Bearer'),
    deniesCall: json(401, {
      httpStatus: 401,
      errors: [{ code: 'INVALID_TOKEN', description: 'Unauthorized', id: '0', field: null }],
    }),
    life: 30 * MINUTE,
    // It ends the token that it is given.
    also(call, vendor) {
      if (!call.path.endsWith('/auth/keep-alive')) return undefined
      if (!vendor.isValid(authorized('Bearer')(call))) return json(401, { httpStatus: 401, errors: [] })
      vendor.revoke()
      return vendor.issue()
    },
  },
}
