import { fileURLToPath } from 'node:url'
import { brotliCompressSync } from 'node:zlib'
import { build } from 'esbuild'
import { CONTESTANTS } from '../contestants.mjs'
import { probe } from '../probes/probe.mjs'
import { interleaved, median } from '../rounds.mjs'

const OURS = fileURLToPath(new URL('../../dist/index.js', import.meta.url))
const HERE = fileURLToPath(new URL('..', import.meta.url))

/** @type {Record<string, { from: string, imports: string }>} */
const PROGRAMS = {
  'this library: bearerAuth, clientCredentials': { from: OURS, imports: '{ bearerAuth, clientCredentials }' },
  'this library: basicAuth': { from: OURS, imports: '{ basicAuth }' },
  'this library: all of it': { from: OURS, imports: '* as all' },
  ...Object.fromEntries(
    CONTESTANTS.flatMap(({ name, from, imports }) => (from && imports ? [[name, { from, imports }]] : [])),
  ),
}

/** Bytes, with dependencies, without axios. */
export async function sizes() {
  /** @type {Record<string, { minified: number, brotli: number }>} */
  const sizes = {}
  for (const [name, { from, imports }] of Object.entries(PROGRAMS)) {
    const names = imports.replaceAll(/[{}]|\* as/g, '')
    const { outputFiles } = await build({
      stdin: {
        contents: `import ${imports} from ${JSON.stringify(from)}\nconsole.log(${names})`,
        resolveDir: HERE,
      },
      bundle: true,
      minify: true,
      format: 'esm',
      platform: 'browser',
      external: ['axios'],
      write: false,
    })
    const [{ contents }] = outputFiles
    sizes[name] = { minified: contents.length, brotli: brotliCompressSync(contents).length }
  }
  return sizes
}

/** What the first program is made of. A file belongs to the first row that fits. @type {[what: string, files: RegExp][]} */
const PARTS = [
  ['quick-lru, p-memoize', /node_modules/],
  [
    'tokens: memory, renewal, failures, what is no token',
    /src\/(?:tokens\/(?!grants|client-|token-request)|json)/,
  ],
  ['the grant and the token request', /src\/(?:tokens|basic-credentials|response-header)/],
  ['where credentials may go, and redirects', /src\/(?:protection-space|redirect|final-url|target)/],
  [
    'sending, waiting, the replay',
    /src\/(?:auth-inter|exchange|replay|transm|outgoing|authen|patience|body|events)/,
  ],
  ['nothing secret in what is printed', /src\/(?:redaction|outcome|errors)/],
  ['the scheme, refusals, step-up, options', /src\//],
]

/** Bytes of each part, minified, before compression. */
export async function parts() {
  const { metafile } = await build({
    stdin: {
      contents: `export { bearerAuth, clientCredentials } from './src/index.ts'`,
      resolveDir: fileURLToPath(new URL('../..', import.meta.url)),
    },
    bundle: true,
    minify: true,
    format: 'esm',
    platform: 'browser',
    external: ['axios'],
    metafile: true,
    write: false,
  })
  const [{ inputs }] = Object.values(metafile.outputs)
  /** @type {Record<string, number>} */
  const sums = Object.fromEntries(PARTS.map(([what]) => [what, 0]))
  for (const [file, { bytesInOutput }] of Object.entries(inputs)) {
    const what = PARTS.find(([, files]) => files.test(file))?.[0]
    if (what) sums[what] += bytesInOutput
  }
  return sums
}

/** Milliseconds that importing takes in a new process, where axios is loaded already. @param {{ isQuick: boolean }} plan */
export async function importTimes({ isQuick }) {
  const urls = [
    ['this library', OURS],
    ...CONTESTANTS.flatMap(({ name, from }) =>
      from ? [[name, fileURLToPath(import.meta.resolve(from))]] : [],
    ),
  ]
  const times = await interleaved(
    Object.fromEntries(urls.map(([name, url]) => [name, () => probe('import-time.mjs', [url])])),
    { rounds: isQuick ? 5 : 31 },
  )
  return Object.fromEntries(Object.entries(times).map(([name, all]) => [name, median(all)]))
}
