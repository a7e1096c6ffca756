import { existsSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { runProcess } from './run-process.mjs'
import { runWorker } from './run-worker.mjs'

/** @typedef {import('./suite/suite.mjs').Report & { printed: string }} Run with all that the checks printed */
/**
 * @typedef {object} Runtime
 * @property {string} name by which it is chosen
 * @property {string} title
 * @property {string} folder of its package in node_modules, for its version
 * @property {8 | 9} memoize the major of p-memoize that its users get
 * @property {(project: string, stageUrl: string) => Promise<Run>} run the suite of a project
 */

const packages = fileURLToPath(new URL('node_modules/', import.meta.url))
// From this compatibility date on a promise can be waited for by other incoming requests than the one that made it.
const FIRST_DATE = '2024-10-14'

/** @type {Runtime[]} */
export const runtimes = [
  node(20, 8),
  node(22, 9),
  node(24, 9),
  node(26, 9),
  {
    name: 'bun',
    title: 'Bun',
    folder: 'bun',
    memoize: 9,
    run: (...where) => runProcess(`${packages}bun/bin/bun.exe`, [], ...where),
  },
  {
    name: 'deno',
    title: 'Deno',
    folder: 'deno',
    memoize: 9,
    run: (...where) => runProcess(`${packages}deno/deno`, ['run', '--allow-all'], ...where),
  },
  worker('workers', 'Workers: workerd'),
  worker('workers-2024', `Workers as of ${FIRST_DATE}: workerd`, FIRST_DATE),
]

/** @param {string} folder */
export function versionOf(folder) {
  if (!existsSync(packages + folder))
    throw new Error(`runtimes/package.json has no ${folder}: name the others`)
  return JSON.parse(readFileSync(`${packages}${folder}/package.json`, 'utf8')).version.replace(/^v/, '')
}

/** @param {number} major @param {8 | 9} memoize @returns {Runtime} */
function node(major, memoize) {
  const folder = `node${major}-${process.platform}-${process.arch}`
  return {
    name: `node${major}`,
    title: 'Node',
    folder,
    memoize,
    run: (...where) => runProcess(`${packages}${folder}/bin/node`, [], ...where),
  }
}

/** @param {string} name @param {string} title @param {string} [date] of compatibility, else that of the release @returns {Runtime} */
function worker(name, title, date) {
  return {
    name,
    title,
    folder: 'workerd',
    memoize: 9,
    run: (...where) =>
      runWorker(`${packages}workerd/bin/workerd`, date ?? dateOf(versionOf('workerd')), ...where),
  }
}

/** @param {string} version of workerd, such as 1.20261117.1 */
function dateOf(version) {
  return version.replace(/^1\.(\d{4})(\d\d)(\d\d)\..*/, '$1-$2-$3')
}
