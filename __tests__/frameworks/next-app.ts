import { type ChildProcess, spawn } from 'node:child_process'
import { readdirSync, readFileSync, rmSync } from 'node:fs'
import { join, resolve } from 'node:path'

const recipes = resolve(__dirname, '../../examples/recipes')
const NEXT = join(recipes, 'node_modules/next/dist/bin/next')
const built = join(recipes, 'next/.next')

type Environment = Readonly<Record<string, string>>

function run(args: readonly string[], env: Environment = {}): ChildProcess & { output: string } {
  const { NODE_ENV: _, ...rest } = process.env
  const child = spawn(process.execPath, [NEXT, ...args], {
    cwd: recipes,
    env: { ...rest, NEXT_TELEMETRY_DISABLED: '1', ...env } as NodeJS.ProcessEnv,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const seen = Object.assign(child, { output: '' })
  const collect = (chunk: Buffer): void => {
    seen.output += chunk
  }
  child.stdout.on('data', collect)
  child.stderr.on('data', collect)
  return seen
}

/** Builds the app as its user would: nothing of its environment is known yet. */
export async function buildNextApp(): Promise<void> {
  rmSync(built, { recursive: true, force: true })
  const build = run(['build', 'next'])
  const status = await new Promise((done) => build.once('exit', done))
  if (status !== 0) throw new Error(`next build: ${status}\n${build.output}`)
}

/** What browsers are given to load. */
export function clientFiles(): string {
  return readdirSync(join(built, 'static'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'))
    .join('\n')
}

/** The built app, on a port of its own. */
export async function startNextApp(env: Environment) {
  const app = run(['start', 'next', '--hostname', '127.0.0.1', '--port', '0'], env)
  const url = await new Promise<string>((ready, fail) => {
    app.once('exit', (status) => fail(new Error(`next start: ${status}\n${app.output}`)))
    app.stdout?.on('data', () => {
      const [local] = /http:\/\/127\.0\.0\.1:\d+/.exec(app.output) ?? []
      if (local && app.output.includes('Ready')) ready(local)
    })
  })
  return {
    url,
    /** What it has written on its console. */
    log: () => app.output,
    async close() {
      const gone = new Promise((done) => app.once('exit', done))
      app.kill()
      await gone
    },
  }
}
