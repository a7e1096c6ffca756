import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { type ConsumerProject, tools } from '../package/consumer-project'

const sources = join(__dirname, 'site')

/** The two ways by which the library comes into a page. */
export const builds = ['script tags', 'Vite'] as const
export type Build = (typeof builds)[number]

/** Where the page of each build is, in the project. */
export const folders: Record<Build, string> = { 'script tags': 'script-tags', Vite: 'dist' }

/** Makes both pages out of what the project has installed: as it is, and as Vite bundles it. */
export function buildSite(project: ConsumerProject): void {
  const copy = (from: string, to: string): void => cpSync(from, project.path(to))
  const source = (name: string, to: string): void => copy(join(sources, name), to)
  const installed = (name: string, to: string): void => copy(project.path(join('node_modules', name)), to)

  source('script-tags.html', 'script-tags/index.html')
  source('script-tags.js', 'script-tags/script-tags.js')
  source('in-page.js', 'script-tags/in-page.js')
  source('watch.js', 'script-tags/watch.js')
  installed('axios/dist/axios.min.js', 'script-tags/axios.min.js')
  const { unpkg } = JSON.parse(project.readPackageFile('package.json')) as { unpkg: string }
  installed(join('axios-auth-interceptors', unpkg), 'script-tags/axios-auth-interceptors.iife.min.js')

  source('vite.html', 'index.html')
  source('vite.js', 'vite.js')
  source('in-page.js', 'in-page.js')
  source('watch.js', 'public/watch.js')
  project.run(tools.vite, 'build', '--logLevel', 'warn')
}
