// Writes docs/cookbook.md from examples/vendors/*.ts. With --check it writes nothing and fails if the page differs.
import { readdirSync } from 'node:fs'
import { codeBlock, root, settle } from './page-of-files.mjs'

const folder = 'examples/vendors/'

const INTRODUCTION = `# Cookbook

Recipes for products that people automate. Copy one: each is a file of \`examples/vendors\`, and is tested against a
server that speaks as its vendor documents. This page is made of them by \`scripts/cookbook.mjs\`.

Nothing is fetched for these. What you were given is sent as it is:

| how it travels | product |
| --- | --- |
| \`Authorization: Basic\` | [ServiceNow, Jira, Tufin, Censys](#servicenow-jira-tufin-censys); [Zendesk](#zendesk) |
| \`Authorization: Bearer\` | [Slack, Webex, Twitter](#slack-webex-twitter) |
| \`Authorization: ApiToken\` | [SentinelOne](#sentinelone) |
| \`X-PAN-KEY\` | [Palo Alto PAN-OS](#palo-alto-pan-os) |
| \`X-API-Key\` | [Farsight DNSDB](#farsight-dnsdb) |
| \`X-Cisco-Meraki-API-Key\` | [Meraki](#meraki) |
| \`X-Risk-Token\` | [Kenna](#kenna) |
| \`API-Key\` | [urlscan.io](#urlscanio) |
| query \`key\` | [Shodan, APIVoid](#shodan-apivoid) |
| query \`access_token\` | [Fortinet FortiGate](#fortinet-fortigate) |

For these a token is fetched:

| product | how the token is got | where it is | how it travels | life, renewal |
| --- | --- | --- | --- | --- |
| [Cisco Threat Response](#cisco-threat-response) | \`POST /iroh/oauth2/token\`, Basic | JSON \`$.access_token\` | \`Authorization: Bearer\` | 600 s |
| [Cisco XDR](#cisco-xdr) | \`POST /iroh/oauth2/token\`, Basic | RFC 6749 | \`Authorization: Bearer\`, four hosts | 600 s |
| [Cisco Umbrella](#cisco-umbrella) | \`POST /auth/v2/token\`, Basic | RFC 6749 | \`Authorization: Bearer\` | 3600 s |
| [Microsoft Graph](#microsoft-graph) | \`POST /{tenant}/oauth2/v2.0/token\`, form with id and secret | RFC 6749 | \`Authorization: Bearer\` | about 3600 s |
| [CrowdStrike Falcon](#crowdstrike-falcon) | \`POST /oauth2/token\`, form with id and secret | RFC 6749, status 201 | \`Authorization: Bearer\` | 1799 s |
| [ManageEngine, Zoho](#manageengine-zoho) | \`POST /oauth/v2/token\`, form with refresh token, id and secret | RFC 6749 | \`Authorization: Zoho-oauthtoken\` | 3600 s; ten token calls in ten minutes |
| [BMC Remedy, Helix](#bmc-remedy) | \`POST /api/jwt/login\`, form | the whole body | \`Authorization: AR-JWT\` | \`exp\` of the JWT |
| [Splunk](#splunk) | \`POST /services/auth/login\`, form | JSON \`$.sessionKey\` | \`Authorization: Splunk\` | unknown: ends when idle |
| [Cisco Secure Network Analytics (SNA)](#cisco-secure-network-analytics) | \`POST /token/v2/authenticate\`, form | cookies \`stealthwatch.jwt\`, \`XSRF-TOKEN\` | both cookies and \`X-XSRF-TOKEN\` | 20 min idle |
| [Cisco Secure Firewall (FMC)](#cisco-secure-firewall) | \`POST .../auth/generatetoken\`, Basic; status 204 | header \`X-auth-access-token\` | \`X-auth-access-token\` | 30 min; \`.../auth/refreshtoken\` three times |
| [Jamf Pro](#jamf-pro) | \`POST /api/v1/auth/token\`, Basic | JSON \`$.token\`, end as ISO 8601 at \`$.expires\` | \`Authorization: Bearer\` | 30 min; \`/api/v1/auth/keep-alive\` |

It is fetched when the first request needs it, shared by all who wait for it, replaced before it ends, and replaced when
the API refuses it: then the request is sent once more. When no token can be had the request fails with an
[\`AuthError\`](errors.md).

An instance sends its credentials to the origin of its \`baseURL\` only; for an on-premises product over plain http,
[list its origin](security.md#where-credentials-go).`

/** The patterns; a recipe is [file, heading, note]. */
const PATTERNS = [
  {
    title: 'A fixed user-id and password, or key',
    about:
      'Nothing is fetched. A wrong key is answered by the vendor: its answer comes through as it is, after one request.',
    recipes: [
      ['basic', 'ServiceNow, Jira, Tufin, Censys', 'The user-id and password, or API id and secret.'],
      ['zendesk', 'Zendesk', 'The user-id is `ann@example.com/token`.'],
      ['pan-os', 'Palo Alto PAN-OS'],
      ['dnsdb', 'Farsight DNSDB'],
      ['meraki', 'Meraki', 'The key follows redirects to hosts of Meraki, and to no other.'],
      ['kenna', 'Kenna'],
      ['urlscan', 'urlscan.io'],
      ['sentinelone', 'SentinelOne'],
      ['static-bearer', 'Slack, Webex, Twitter'],
      ['query-key', 'Shodan, APIVoid', 'Keys in a query stand in the logs of servers and proxies.'],
      ['fortigate', 'Fortinet FortiGate'],
    ],
  },
  {
    title: 'Client credentials',
    about: 'RFC 6749 section 4.4: `clientCredentials` makes the token request and reads the answer.',
    recipes: [
      [
        'sample-workflow',
        'Cisco Threat Response',
        'A token from the first target, picked out by a path, for calls to the second.',
      ],
      ['xdr', 'Cisco XDR', 'One token serves four API hosts. Other hosts are called without it.'],
      ['umbrella', 'Cisco Umbrella'],
      [
        'microsoft-graph',
        'Microsoft Graph',
        'If the answer says `refresh_in`, that is when the token is renewed.',
      ],
      [
        'crowdstrike',
        'CrowdStrike Falcon',
        'Give the URL of your own cloud: the token request follows no redirect, since its body holds the secret.',
      ],
    ],
  },
  {
    title: 'A refresh token',
    about: 'RFC 6749 section 6: `refreshToken` uses one that you were given once.',
    recipes: [
      [
        'zoho',
        'ManageEngine, Zoho',
        'An error comes with status 200 and is an error all the same. The eleventh token call in ten minutes is not made: it would block the next ones for ten minutes more.',
      ],
    ],
  },
  {
    title: 'A login',
    about:
      'A form with user name and password; the token stands where the vendor put it. No redirect is followed, for the body holds the password.',
    recipes: [
      ['bmc', 'BMC Remedy', 'The life is read from the token itself.'],
      ['splunk', 'Splunk', 'Used until Splunk refuses it: then comes a login and the request is sent again.'],
      [
        'sna',
        'Cisco Secure Network Analytics',
        'Three values travel together. It reads cookies with `set-cookie-parser`.',
      ],
    ],
  },
  {
    title: 'A login, and a renewal by another request',
    about: '`renewWith` renews what it holds, and logs in when that is refused or used up.',
    recipes: [
      ['fmc', 'Cisco Secure Firewall'],
      ['jamf', 'Jamf Pro'],
    ],
  },
]

const listed = PATTERNS.flatMap(({ recipes }) => recipes.map(([file]) => `${file}.ts`))
const unlisted = readdirSync(root + folder).filter((file) => !listed.includes(file))
if (unlisted.length > 0) throw new Error(`scripts/cookbook.mjs does not list ${unlisted.join(', ')}`)

const sections = PATTERNS.flatMap(({ title, about, recipes }) => [
  `## ${title}`,
  about,
  ...recipes.flatMap(([file, heading, ...notes]) => [
    `### ${heading}`,
    ...notes,
    codeBlock(`${folder}${file}.ts`),
  ]),
])
settle('docs/cookbook.md', `${[INTRODUCTION, ...sections].join('\n\n')}\n`)
