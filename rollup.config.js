import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { nodeResolve } from '@rollup/plugin-node-resolve'
import terser from '@rollup/plugin-terser'
import { dts } from 'rollup-plugin-dts'
import esbuild from 'rollup-plugin-esbuild'

const { dependencies, exports, peerDependencies } = JSON.parse(readFileSync('package.json', 'utf8'))
const peers = Object.keys(peerDependencies)
const packages = [...peers, ...Object.keys(dependencies)]

// The entries are those of package.json "exports": ./jsonpath is src/jsonpath.ts, ./oauth is src/oauth/index.ts.
const names = Object.keys(exports).filter((path) => path !== './package.json')
const input = Object.fromEntries(
  names.map((path) => {
    const name = path === '.' ? 'index' : path.slice(2)
    const file = `src/${name}.ts`
    return [name, existsSync(file) ? file : `src/${name}/index.ts`]
  }),
)

const typescript = esbuild({ target: 'es2022', tsconfig: false })
const output = (extension) => ({
  dir: 'dist',
  entryFileNames: `[name].${extension}`,
  chunkFileNames: `chunk-[name]-[hash].${extension}`,
})

/** What is inlined comes with its licence. */
const licences = () => ({
  name: 'licences',
  generateBundle(_options, bundle) {
    const modules = Object.values(bundle).flatMap(({ modules = {} }) => Object.keys(modules))
    const inlined = new Set(modules.flatMap((id) => /node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(id)?.[1] ?? []))
    const texts = [...inlined].sort().map((name) => {
      const folder = `node_modules/${name}`
      const file = readdirSync(folder).find((file) => /^licen[cs]e/i.test(file))
      if (!file) this.error(`${name} has no licence file`)
      return `# ${name}\n\n${readFileSync(`${folder}/${file}`, 'utf8').trim()}\n`
    })
    this.emitFile({ type: 'asset', fileName: 'LICENCES.md', source: texts.join('\n') })
  },
})

rmSync('dist', { recursive: true, force: true })

export default [
  {
    input,
    external: packages,
    plugins: [typescript],
    // Hoisted, what only other chunks use would be loaded for who uses none of it.
    output: { ...output('js'), format: 'es', sourcemap: true, hoistTransitiveImports: false },
  },
  {
    // These are ESM only, and not every CommonJS loader (Jest, for one) can require that: they come along.
    input,
    external: peers.filter((name) => name !== 'oauth4webapi'),
    plugins: [nodeResolve(), typescript, licences()],
    output: { ...output('cjs'), format: 'cjs', exports: 'named', interop: 'auto', sourcemap: true },
  },
  {
    // terser's `module` and `toplevel` would drop the one global that this file is for.
    input: 'src/index.ts',
    external: peers,
    plugins: [
      nodeResolve({ browser: true }),
      typescript,
      terser({ ecma: 2020, module: false, toplevel: false }),
    ],
    output: {
      file: 'dist/axios-auth-interceptors.iife.min.js',
      format: 'iife',
      name: 'axiosAuthInterceptors',
      globals: { axios: 'axios' },
      sourcemap: true,
    },
  },
  {
    input,
    external: packages,
    plugins: [dts()],
    output: { ...output('d.ts'), format: 'es' },
  },
  {
    // The types of what is ESM only cannot be imported from CommonJS, either.
    input,
    external: packages.filter((name) => name !== 'oauth4webapi'),
    plugins: [dts({ respectExternal: true })],
    output: { ...output('d.cts'), format: 'es' },
  },
]
