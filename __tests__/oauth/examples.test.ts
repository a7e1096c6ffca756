import { spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import ts from 'typescript'
import { run as authorizationCode } from '../../examples/oauth/authorization-code'
import { run as clientCredentials } from '../../examples/oauth/client-credentials'
import { run as device } from '../../examples/oauth/device'
import { run as dpop } from '../../examples/oauth/dpop'
import { run as jwtBearer } from '../../examples/oauth/jwt-bearer'
import { run as logOut } from '../../examples/oauth/log-out'
import { run as mtls } from '../../examples/oauth/mtls'
import { run as privateKeyJwt } from '../../examples/oauth/private-key-jwt'
import { run as refreshToken } from '../../examples/oauth/refresh-token'
import type { setStage as SetStage } from '../../examples/oauth/stage.mjs'
import { run as stepUp } from '../../examples/oauth/step-up'
import { run as tokenExchange } from '../../examples/oauth/token-exchange'

const root = resolve(__dirname, '../..')
const folder = join(root, 'examples/oauth')

interface Example {
  readonly run: (setting: never) => Promise<void>
  /** What it prints. */
  readonly prints: readonly (string | RegExp)[]
}

const examples: Readonly<Record<string, Example>> = {
  'client-credentials': {
    run: clientCredentials,
    prints: [
      'token: fetching',
      'token: fetched',
      '/alerts: 200, as basic-client',
      '/devices: 200, as basic-client',
      '/users: 200, as basic-client',
      'with a wrong secret: ERR_AUTH_TOKEN_REQUEST, invalid_client, status 401',
    ],
  },
  'refresh-token': {
    run: refreshToken,
    prints: [
      'stored a new refresh token',
      '/calendar: as alice',
      'stored a new refresh token',
      'a used refresh token: invalid_grant',
      'and its successor: invalid_grant',
    ],
  },
  'authorization-code': {
    run: authorizationCode,
    prints: [
      'the calendar of alice',
      'This did not work: The authorization server sent the user back with access_denied (the user said no)',
    ],
  },
  device: {
    run: device,
    prints: [
      'token: fetching',
      /^Open http:\/\/127\.0\.0\.1:\d+\/device and enter [A-Z]{4}-[A-Z]{4}$/,
      'The code is good for 600 s.',
      'token: fetched',
      '/calendar: as alice',
      'token: fetching',
      'token: fetched',
    ],
  },
  'token-exchange': {
    run: tokenExchange,
    prints: [
      'exchanged a token',
      'alice gets: the calendar of alice, asked for by exchange-client',
      'exchanged a token',
      'bob gets: the calendar of bob, asked for by exchange-client',
      'alice gets: the calendar of alice, asked for by exchange-client',
    ],
  },
  'jwt-bearer': {
    run: jwtBearer,
    prints: ['signed an assertion', '/calendar: as alice', 'signed an assertion'],
  },
  'private-key-jwt': {
    run: privateKeyJwt,
    prints: ['get /.well-known/openid-configuration', 'post /token', '/alerts: as private-key-jwt-client'],
  },
  mtls: {
    run: mtls,
    prints: [
      'tokens are asked for at another origin: true',
      '/alerts: as tls-client',
      'without the certificate: ERR_AUTH_TOKEN_REQUEST, invalid_client',
    ],
  },
  dpop: {
    run: dpop,
    prints: ['request: refused', '/alerts: 200', '/devices: 200', 'the token alone: 401'],
  },
  'step-up': {
    run: stepUp,
    prints: [
      '  fetches a token: the usual',
      '/balance: 200',
      '  refused with 403',
      '  fetches a token: ?scope=write',
      '/transfer: 200',
      '  refused with 401',
      '  fetches a token: ?acr_values=urn:example:mfa&max_age=60',
      '/payment: 200',
      '/balance: 200',
      '/transfer: 200',
    ],
  },
  'log-out': {
    run: logOut,
    prints: [
      '/calendar: as alice',
      'before: active is true',
      'after: active is false',
      'the next request: ERR_AUTH_CREDENTIALS',
      'revoking a JWT: no error',
    ],
  },
}
const names = Object.keys(examples)

/** The parts of a setting that nobody but its program may see. */
const secretsOf = (setting: Readonly<Record<string, unknown>>): string[] =>
  ['clientSecret', 'cert', 'key'].map((name) => setting[name]).filter((value) => typeof value === 'string')

describe('an example does what its page says, and prints no secret', () => {
  test.each(names)('%s', async (name) => {
    const { run, prints } = examples[name] as Example
    const stage = await nativeImport<{ setStage: typeof SetStage }>(
      pathToFileURL(join(folder, 'stage.mjs')).href,
    )
    const { setting = {}, close } = await stage.setStage(name)
    const printed: string[] = []
    const print = jest.spyOn(console, 'log').mockImplementation((line: string) => void printed.push(line))
    try {
      await run(setting as never)
    } finally {
      print.mockRestore()
      await close()
    }
    expect(printed).toEqual(
      prints.map((line) => (typeof line === 'string' ? line : expect.stringMatching(line))),
    )
    for (const secret of secretsOf(setting)) expect(printed.join('\n')).not.toContain(secret)
    // No token, either: they are at least that long.
    expect(printed.join('\n')).not.toMatch(/[\w-]{40}/)
  })

  test('each of them is tested', () => {
    const beside = ['sessions.ts', 'setting.ts']
    const files = readdirSync(folder).filter((file) => file.endsWith('.ts') && !beside.includes(file))
    expect(files.sort()).toEqual(names.map((name) => `${name}.ts`).sort())
  })

  test.each(names)('and is short, and says what it follows: %s', (name) => {
    const lines = readFileSync(join(folder, `${name}.ts`), 'utf8')
      .trimEnd()
      .split('\n')
    expect(lines.length).toBeLessThanOrEqual(65)
    expect(lines[0]).toMatch(/^\/\/ .+: .*RFC \d{4}.*\.$/)
  })
})

test.each([[[]], [['no-such-example']]])('npm run example with %j lists the examples, and fails', (args) => {
  const { status, stderr } = spawnSync(process.execPath, [join(root, 'scripts/example.mjs'), ...args], {
    encoding: 'utf8',
  })
  expect(status).toBe(1)
  expect(stderr.match(/^ {2}\S+$/gm)?.map((line) => line.trim())).toEqual(names)
})

describe('The pages on OAuth', () => {
  const pages = ['oauth', 'login', 'dpop'].map((page) => readFileSync(join(root, `docs/${page}.md`), 'utf8'))
  const page = pages.join('\n')

  test('mention every value and type of the subpath', () => {
    const program = ts.createProgram([join(root, 'src/oauth/index.ts')], {
      module: ts.ModuleKind.Preserve,
      moduleResolution: ts.ModuleResolutionKind.Bundler,
      types: [],
      noLib: true,
      skipLibCheck: true,
    })
    const index = program.getSourceFile(join(root, 'src/oauth/index.ts')) as ts.SourceFile
    const checker = program.getTypeChecker()
    const exported = checker.getExportsOfModule(checker.getSymbolAtLocation(index) as ts.Symbol)
    const missing = exported.map(({ name }) => name).filter((name) => !new RegExp(`\\b${name}\\b`).test(page))
    expect(exported.length).toBeGreaterThan(10)
    expect(missing).toEqual([])
  })

  test('lead to each example', () => {
    expect(names.filter((name) => !page.includes(`(../examples/oauth/${name}.ts)`))).toEqual([])
  })
})
