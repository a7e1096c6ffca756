import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const TOKENS = new URL('../../src/tokens/', import.meta.url)
const POLICY = new URL('renewal-policy.ts', TOKENS)

const constant = (/** @type {string} */ name) => new RegExp(`^const ${name} = (.+)$`, 'm')

const quotient = (/** @type {string} */ text) =>
  text
    .split('/')
    .map(Number)
    .reduce((dividend, divisor) => dividend / divisor)

/** The number that a constant of the renewal policy stands for. @param {string} name */
export async function constantOf(name) {
  const source = await readFile(POLICY, 'utf8')
  const [, expression = ''] = constant(name).exec(source) ?? []
  const known = expression.replaceAll(/[A-Z_]{2,}/g, (unit) => `${{ SECOND: 1000, MINUTE: 60_000 }[unit]}`)
  const factors = known.split('*').map(quotient)
  if (expression === '' || factors.some(Number.isNaN))
    throw new Error(`Cannot read ${name} in renewal-policy.ts`)
  return factors.reduce((product, factor) => product * factor, 1)
}

/**
 * The library's own `tokenSource`, built from `src` with other constants in its renewal policy.
 *
 * @param {Record<string, number>} constants
 * @returns {Promise<typeof import('../../dist/index.js').tokenSource>}
 */
export async function variantWith(constants) {
  const folder = await mkdtemp(join(tmpdir(), 'variant-'))
  const outfile = join(folder, 'token-source.mjs')
  try {
    await build({
      entryPoints: [fileURLToPath(new URL('token-source.ts', TOKENS))],
      outfile,
      bundle: true,
      format: 'esm',
      plugins: [policyWith(constants), externalAxios],
    })
    const { tokenSource } = await import(pathToFileURL(outfile).href)
    return tokenSource
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** @param {Record<string, number>} constants @returns {import('esbuild').Plugin} */
const policyWith = (constants) => ({
  name: 'policy',
  setup({ onLoad }) {
    onLoad({ filter: /renewal-policy\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8')
      const contents = Object.entries(constants).reduce((text, [name, value]) => {
        if (!constant(name).test(text)) throw new Error(`There is no ${name} in renewal-policy.ts`)
        return text.replace(constant(name), `const ${name} = ${value}`)
      }, source)
      return { contents, loader: 'ts' }
    })
  },
})

/** @type {import('esbuild').Plugin} */
const externalAxios = {
  name: 'axios',
  setup({ onResolve }) {
    onResolve({ filter: /^axios$/ }, () => ({ path: import.meta.resolve('axios'), external: true }))
  },
}
