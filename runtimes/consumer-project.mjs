import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
/** What the library wants beside it, at the versions that are installed here. */
const PEERS = ['axios', 'jsonpath-rfc9535', 'oauth4webapi']

/** What `npm pack` makes of the library: the folder that it is in, and the tarball. */
export function packLibrary() {
  const folder = mkdtempSync(join(tmpdir(), 'test-runtimes-'))
  npm(['pack', '--ignore-scripts', '--pack-destination', folder], root)
  return { folder, tarball: readdirSync(folder).find((name) => name.endsWith('.tgz')) }
}

/**
 * A project that has installed the tarball and holds the suite.
 *
 * @param {ReturnType<typeof packLibrary>} pack
 * @param {8 | 9} memoize the major of p-memoize
 */
export function consumerProject({ folder, tarball }, memoize) {
  const project = join(folder, `p-memoize-${memoize}`)
  const dependencies = {
    ...Object.fromEntries(PEERS.map((name) => [name, installedVersion(name)])),
    'axios-auth-interceptors': `file:../${tarball}`,
    'p-memoize': installedVersion(memoize === 8 ? 'p-memoize' : 'p-memoize-9'),
  }
  mkdirSync(project)
  writeFileSync(
    join(project, 'package.json'),
    JSON.stringify({ private: true, type: 'module', dependencies }),
  )
  npm(['install', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'], project)
  cpSync(join(root, 'runtimes/suite'), join(project, 'suite'), { recursive: true })
  return { project, memoize: dependencies['p-memoize'] }
}

/** @param {string} name */
function installedVersion(name) {
  return JSON.parse(readFileSync(join(root, 'node_modules', name, 'package.json'), 'utf8')).version
}

/** @param {string[]} args @param {string} cwd */
function npm(args, cwd) {
  const { status, stdout, stderr, error } = spawnSync('npm', args, { cwd, encoding: 'utf8' })
  if (error) throw error
  if (status !== 0) throw new Error(`npm ${args.join(' ')} failed:\n${stdout}\n${stderr}`)
}
