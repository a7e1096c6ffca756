import { readFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { runInNewContext } from 'node:vm'
import axios from 'axios'
import { build } from 'esbuild'
import { writtenPages } from '../support/written-pages'
import { type ConsumerProject, consumerProject, tools } from './consumer-project'
import { publicExports, subpathExports } from './public-exports'

// Programs that build and run other programs: a minute is for slow machines, not a wait.
jest.setTimeout(60_000)

const consumer = `
  import axios from 'axios'
  import { ${publicExports.join(', ')} } from 'axios-auth-interceptors'
  import type { AuthScheme, Challenge } from 'axios-auth-interceptors'
  import { jsonPath } from 'axios-auth-interceptors/jsonpath'
  import { authorizationServer, clientSecretBasic, dpopAuth } from 'axios-auth-interceptors/oauth'
  import type { ClientAuthentication } from 'axios-auth-interceptors/oauth'

  const issuer = axios.create({ baseURL: 'https://issuer.example' })
  issuer.interceptors.request.use(basicAuth({ username: 'id', password: 'secret' }))

  const api = axios.create({ baseURL: 'https://api.example' })
  const installed: number = api.interceptors.request.use(
    bearerAuth(clientCredentials(issuer, { url: '/token' }), { scheme: 'Token' }),
  )
  api.interceptors.request.eject(installed)
  api.interceptors.request.use(apiKeyAuth({ name: 'X-Api-Key', value: 'key' }))

  const scheme: AuthScheme = { authenticate: (request) => void request.config }
  api.interceptors.request.use(authInterceptor(scheme))

  export const challenges: readonly Challenge[] = parseChallenges('Bearer realm="api"')
  export const isOurs = (error: unknown): boolean => error instanceof AuthError
  export const others = [refreshToken, renewWith, tokenRequest, tokenSource]
  export const login = tokenRequest(issuer, { url: '/login' }, jsonPath({ value: '$.jwt', expiresIn: '$.ttl' }))

  export const none: ClientAuthentication = (_server, client, body) => body.set('client_id', client.client_id)
  export const server = authorizationServer(issuer, {
    issuer: 'https://issuer.example',
    clientId: 'id',
    clientAuthentication: clientSecretBasic('secret'),
  })
  export const dpop = (keyPair: CryptoKeyPair) => dpopAuth(server.clientCredentials({ scope: 'read' }), { keyPair })
  export const steppedUp = api.get('/transfer', { authenticate: { scope: 'write', max_age: 60 } })

  export const optedOut = api.get('/public', { authenticate: false })
  // @ts-expect-error a request can opt out, there is nothing to opt in to
  export const optedIn = api.get('/public', { authenticate: true })
`

describe('the published package', () => {
  let project: ConsumerProject
  beforeAll(() => {
    project = consumerProject()
  })
  afterAll(() => {
    project.remove()
  })

  test('contains the build, its papers and nothing else', () => {
    const others = project.packageFiles.filter((file) => !/^(?:dist|docs)\//.test(file))
    expect(others).toEqual(['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json'])
  })

  test('has the pages of docs and the images they show, and nothing that their site is made with', () => {
    const root = join(__dirname, '../..')
    // The first page of the site, and the one that files of the repository are shown by.
    const pages = writtenPages().filter((page) => !/^docs\/(?:index\.md|source\/)/.test(page))
    const images = ['README.md', ...pages].flatMap((page) =>
      [...readFileSync(join(root, page), 'utf8').matchAll(/!\[[^\]]*\]\(([^)]+)\)/g)].map(([, image = '']) =>
        posix.join(posix.dirname(page), image),
      ),
    )
    const shipped = project.packageFiles.filter((file) => file.startsWith('docs/'))
    expect(shipped).toEqual([...new Set([...pages, ...images])].sort())
  })

  test('gives import every public export', () => {
    project.write(
      'import.mjs',
      `import * as library from 'axios-auth-interceptors'
       console.log(JSON.stringify(Object.keys(library).sort()))`,
    )
    expect(JSON.parse(project.run('import.mjs'))).toEqual(publicExports)
  })

  test('gives require every public export', () => {
    project.write(
      'require.cjs',
      `const library = require('axios-auth-interceptors')
       console.log(JSON.stringify(Object.keys(library).sort()))`,
    )
    expect(JSON.parse(project.run('require.cjs'))).toEqual(publicExports)
  })

  test.each(Object.entries(subpathExports))('gives /%s to import and to require', (name, exports) => {
    const specifier = JSON.stringify(`axios-auth-interceptors/${name}`)
    project.write(
      'subpath.mjs',
      `import * as library from ${specifier}; console.log(JSON.stringify(Object.keys(library).sort()))`,
    )
    project.write('subpath.cjs', `console.log(JSON.stringify(Object.keys(require(${specifier})).sort()))`)
    expect(JSON.parse(project.run('subpath.mjs'))).toEqual(exports)
    expect(JSON.parse(project.run('subpath.cjs'))).toEqual(exports)
  })

  test('leaves oauth4webapi out of the main entry', async () => {
    project.write('main.mjs', `export * from 'axios-auth-interceptors'`)
    const { metafile } = await build({
      entryPoints: [project.path('main.mjs')],
      bundle: true,
      format: 'esm',
      external: ['axios'],
      write: false,
      metafile: true,
    })
    expect(Object.keys(metafile.inputs).filter((file) => file.includes('oauth'))).toEqual([])
  })

  test.each([
    { module: 'node16', moduleResolution: 'node16' },
    { module: 'nodenext', moduleResolution: 'nodenext' },
    { module: 'preserve', moduleResolution: 'bundler' },
  ])('compiles in a strict TypeScript project with module resolution $moduleResolution', (resolution) => {
    project.write('consumer.cts', consumer)
    project.write('consumer.mts', consumer)
    project.write(
      'tsconfig.json',
      JSON.stringify({
        compilerOptions: {
          ...resolution,
          target: 'es2022',
          lib: ['es2022', 'dom', 'dom.iterable'],
          types: [],
          strict: true,
          exactOptionalPropertyTypes: true,
          noUncheckedIndexedAccess: true,
          skipLibCheck: false,
          noEmit: true,
        },
        files: ['consumer.cts', 'consumer.mts'],
      }),
    )
    expect(project.run(tools.tsc, '--project', 'tsconfig.json')).toBe('')
  })

  test('defines one global with every public export when a browser loads its bundle', () => {
    const bundle = project.readPackageFile('dist/axios-auth-interceptors.iife.min.js')
    const page: { axios: unknown; axiosAuthInterceptors?: object } = { axios }
    runInNewContext(bundle, page)
    expect(Object.keys(page)).toEqual(['axios', 'axiosAuthInterceptors'])
    expect(Object.keys(page.axiosAuthInterceptors ?? {}).sort()).toEqual(publicExports)
  })

  test('leaves everything about tokens out of a bundle that imports basicAuth alone', async () => {
    const bundle = async (name: string): Promise<string> => {
      project.write(`${name}.mjs`, `import { ${name} } from 'axios-auth-interceptors'; console.log(${name})`)
      const { outputFiles } = await build({
        entryPoints: [project.path(`${name}.mjs`)],
        bundle: true,
        format: 'esm',
        external: ['axios'],
        write: false,
      })
      return outputFiles[0]?.text ?? ''
    }
    const words = /p-?memoize|access_token|expires_in|grant_type|client_credentials|refresh_token/i
    expect(await bundle('clientCredentials')).toMatch(words)
    expect(await bundle('bearerAuth')).toMatch(words)
    expect(await bundle('basicAuth')).not.toMatch(words)
  })

  test('lets a process end while a renewal that nobody waits for gets no answer', () => {
    project.write(
      'renewal.mjs',
      `import { tokenSource } from 'axios-auth-interceptors'
       let age = 0
       let calls = 0
       const answer = { access_token: 'fake-token', token_type: 'Bearer', expires_in: 600 }
       const fetchToken = () => (++calls === 1 ? answer : new Promise(() => undefined))
       const source = tokenSource(fetchToken, { now: () => 1e12 + age, timeout: 2 ** 30 })
       await source.get()
       age = 500_000
       source.current()
       console.log(calls)`,
    )
    // Else it would run for twelve days, and this test would be ended by its own time.
    expect(project.run('renewal.mjs').trim()).toBe('2')
  })

  test('can be required in a Jest project that transforms nothing', () => {
    project.write(
      'jest.config.json',
      JSON.stringify({ transform: {}, testMatch: ['<rootDir>/plain.test.js'] }),
    )
    project.write(
      'plain.test.js',
      `test('is required', () => {
         expect(Object.keys(require('axios-auth-interceptors')).sort()).toEqual(${JSON.stringify(publicExports)})
         expect(Object.keys(require('axios-auth-interceptors/oauth')).sort()).toEqual(${JSON.stringify(subpathExports.oauth)})
       })`,
    )
    project.run(tools.jest, '--config', 'jest.config.json', '--json', '--outputFile', 'results.json')
    expect(JSON.parse(project.read('results.json'))).toMatchObject({ numPassedTests: 1, numFailedTests: 0 })
  })
})
