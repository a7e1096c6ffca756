import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'

const ENTRY = fileURLToPath('file:///tmp/proto/src/tokens/token-source.ts')

/**
 * The library's own `tokenSource`, built from `src` with other constants in its renewal policy.
 *
 * @param {Record<string, string>} constants TypeScript by name
 * @returns {Promise<typeof import('../../dist/index.js').tokenSource>}
 */
export async function variantWith(constants) {
  const folder = await mkdtemp(join(tmpdir(), 'variant-'))
  const outfile = join(folder, 'token-source.mjs')
  try {
    await build({
      entryPoints: [ENTRY],
      outfile,
      bundle: true,
      format: 'esm',
      target: 'node20',
      plugins: [policyWith(constants), axiosFrom(import.meta.resolve('axios'))],
    })
    const { tokenSource } = await import(pathToFileURL(outfile).href)
    return tokenSource
  } finally {
    await rm(folder, { recursive: true })
  }
}

/** @param {Record<string, string>} constants @returns {import('esbuild').Plugin} */
const policyWith = (constants) => ({
  name: 'policy',
  setup({ onLoad }) {
    onLoad({ filter: /renewal-policy\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8')
      const contents = Object.entries(constants).reduce((text, [name, value]) => {
        const changed = text.replace(new RegExp(`^const ${name} = .*$`, 'm'), `const ${name} = ${value}`)
        if (!text.includes(`const ${name} = `)) throw new Error(`renewal-policy.ts has no constant ${name}`)
        return changed
      }, source)
      return { contents, loader: 'ts' }
    })
  },
})

/** One axios for all variants. @param {string} url @returns {import('esbuild').Plugin} */
const axiosFrom = (url) => ({
  name: 'axios',
  setup({ onResolve }) {
    onResolve({ filter: /^axios$/ }, () => ({ path: url, external: true }))
  },
})
