import { spawnSync } from 'node:child_process'
import { accessSync, constants } from 'node:fs'
import { delimiter, join } from 'node:path'
import puppeteer from 'puppeteer-core'

const names = {
  chromium: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
  firefox: ['firefox-esr', 'firefox'],
}
const firefoxes = [
  '/Applications/Firefox.app/Contents/MacOS/firefox',
  'C:\\Program Files\\Mozilla Firefox\\firefox.exe',
]
const repository = join(__dirname, '..', '..')

/** `CHROMIUM`, one of this machine, or the one that npm has for Linux. Undefined where none is to be had. */
export const findChromium = (): string | undefined =>
  process.env.CHROMIUM || onPath(names.chromium) || installedChrome() || chromiumFromNpm()

/** `FIREFOX`, or one of this machine. */
export const findFirefox = (): string | undefined =>
  process.env.FIREFOX || onPath(names.firefox) || firefoxes.find(isExecutable)

const onPath = (commands: readonly string[]): string | undefined =>
  commands
    .flatMap((command) => (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, command)))
    .find(isExecutable)

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** Where its installer puts it on each system. */
function installedChrome(): string | undefined {
  try {
    return puppeteer.executablePath('chrome')
  } catch {
    return undefined
  }
}

/** From `browsers/`, a package of its own, for it weighs 74 MB. */
function chromiumFromNpm(): string | undefined {
  if (process.platform !== 'linux' || process.arch !== 'x64') return undefined
  const folder = join(repository, 'browsers')
  const unpack = (): string | undefined => output(process.execPath, join(folder, 'chromium.mjs'))
  const install = (): string | undefined => output('npm', 'ci', '--prefix', folder, '--prefer-offline')
  return unpack() ?? (install() && unpack())
}

/** What a program printed; undefined if it failed. */
function output(command: string, ...args: string[]): string | undefined {
  const { status, stdout } = spawnSync(command, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  return status === 0 ? stdout.trim() : undefined
}
