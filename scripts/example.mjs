// npm run example -- NAME: runs examples/oauth/NAME.ts on what is built, against servers of its own on this machine.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build } from 'esbuild'
import { names, setStage } from '../examples/oauth/stage.mjs'

const LONGEST_RUN = 60 // seconds
const root = fileURLToPath(new URL('..', import.meta.url))
const [name] = process.argv.slice(2)

if (names.includes(name)) await play(name)
else {
  if (name) console.error(`There is no example ${name}.`)
  console.error(
    `npm run example -- NAME, where NAME is one of:\n${names.map((one) => `  ${one}`).join('\n')}`,
  )
  process.exitCode = 1
}

async function play(name) {
  buildLibrary()
  setTimeout(() => {
    console.error(`not at the end after ${LONGEST_RUN} s`)
    process.exit(1)
  }, LONGEST_RUN * 1000).unref()

  const { run } = await importTypeScript(`examples/oauth/${name}.ts`)
  const { setting, close } = await setStage(name)
  try {
    await run(setting)
  } finally {
    await close()
  }
}

/** Unless what is built is newer than all that it is made of. */
function buildLibrary() {
  const sources = readdirSync(`${root}src`, { recursive: true }).map((file) => `src/${file}`)
  const changed = Math.max(...[...sources, 'package.json', 'rollup.config.js'].map(changeOf))
  if (changeOf('dist/oauth.js') > changed) return
  console.log('building the library')
  const { status } = spawnSync('npm', ['run', 'build', '--silent'], { cwd: root, stdio: 'inherit' })
  if (status !== 0) process.exit(1)
}

function changeOf(file) {
  return existsSync(root + file) ? statSync(root + file).mtimeMs : 0
}

/** Within the package, so that its imports of `axios-auth-interceptors` are those of a user: by `exports`. */
async function importTypeScript(file) {
  const folder = mkdtempSync(`${root}examples/oauth/.run-`)
  try {
    const outfile = `${folder}/example.mjs`
    await build({
      entryPoints: [root + file],
      outfile,
      bundle: true,
      packages: 'external',
      format: 'esm',
      platform: 'node',
    })
    return await import(pathToFileURL(outfile).href)
  } finally {
    rmSync(folder, { recursive: true })
  }
}
