import { spawnSync } from 'node:child_process'
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const repository = join(__dirname, '..', '..')

/** A project outside the repository that has installed what `npm pack` makes of it. */
export interface ConsumerProject {
  /** The files of the package, sorted. */
  readonly packageFiles: readonly string[]
  readPackageFile(path: string): string
  /** Where a file of the project is. */
  path(name: string): string
  write(name: string, text: string): void
  read(name: string): string
  /** Runs a script of the project, or a tool of the repository, with Node. Gives what it printed; throws if it failed. */
  run(script: string, ...args: string[]): string
  remove(): void
}

/** The tools that tests may run in the project: paths in the repository. */
export const tools: Record<'tsc' | 'jest' | 'vite', string> = {
  tsc: join(repository, 'node_modules/typescript/bin/tsc'),
  jest: join(repository, 'node_modules/jest/bin/jest.js'),
  vite: join(repository, 'node_modules/vite/bin/vite.js'),
}

export function consumerProject(): ConsumerProject {
  const directory = realpathSync(mkdtempSync(join(tmpdir(), 'axios-auth-interceptors-')))
  const installed = join(directory, 'node_modules', 'axios-auth-interceptors')

  function execute(command: string, args: readonly string[], cwd: string): string {
    // Jest cannot end a test while it waits here.
    const options = { cwd, encoding: 'utf8', timeout: 50_000 } as const
    const { status, stdout, stderr, error } = spawnSync(command, args, options)
    if (error) throw error
    if (status !== 0) throw new Error(`${command} ${args.join(' ')} failed:\n${stdout}\n${stderr}`)
    return stdout
  }

  mkdirSync(installed, { recursive: true })
  execute('npm', ['pack', '--ignore-scripts', '--pack-destination', directory], repository)
  const tarball = readdirSync(directory).find((name) => name.endsWith('.tgz')) ?? ''
  execute('tar', ['-xzf', tarball, '-C', installed, '--strip-components=1'], directory)
  const { dependencies, peerDependencies } = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'))
  for (const name of Object.keys({ ...dependencies, ...peerDependencies })) {
    symlinkSync(join(repository, 'node_modules', name), join(directory, 'node_modules', name), 'junction')
  }

  return {
    packageFiles: readdirSync(installed, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name).slice(installed.length + 1))
      .sort(),
    readPackageFile: (path) => readFileSync(join(installed, path), 'utf8'),
    path: (name) => join(directory, name),
    write: (name, text) => writeFileSync(join(directory, name), text),
    read: (name) => readFileSync(join(directory, name), 'utf8'),
    run: (script, ...args) => execute(process.execPath, [script, ...args], directory),
    remove: () => rmSync(directory, { recursive: true, force: true }),
  }
}
