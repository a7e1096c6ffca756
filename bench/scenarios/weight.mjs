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
