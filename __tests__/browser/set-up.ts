import { type ConsumerProject, consumerProject } from '../package/consumer-project'
import { buildSite } from './build-site'
import { findChromium, findFirefox } from './executables'

declare global {
  // For tear-down.ts.
  var project: ConsumerProject | undefined
}

/** Before all tests: finds the browsers and makes the pages. What it found the tests read in the environment. */
export default function setUp(): void {
  const found = { Chromium: findChromium(), Firefox: findFirefox() }
  for (const [name, path] of Object.entries(found)) {
    if (path) process.env[name.toUpperCase()] = path
    else miss(name)
  }
  if (!found.Chromium && !found.Firefox) return
  const project = consumerProject()
  globalThis.project = project
  try {
    buildSite(project)
  } catch (error) {
    project.remove() // tear-down.ts is not called after this
    throw error
  }
  process.env.SITE = project.path('')
}

function miss(name: string): void {
  const advice = `No ${name} was found: install it, or set ${name.toUpperCase()} to its path.`
  if (process.env.BROWSERS === 'required') throw new Error(advice)
  console.warn(`${advice} Its tests are skipped.`)
}
