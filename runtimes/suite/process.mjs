// What Node, Bun and Deno run: node process.mjs STAGE_URL. The report goes to stdout; to stderr only what the checks print.
import { createRequire } from 'node:module'
import { Readable } from 'node:stream'
import { inspect } from 'node:util'
import { commonjs } from './commonjs.mjs'
import { runSuite } from './suite.mjs'

const { Bun, Deno } = /** @type {any} */ (globalThis)

/** @satisfies {Omit<import('./run-checks.mjs').Platform, 'adapter'>} */
const platform = {
  stageUrl: process.argv[2] ?? '',
  streamOf: (adapter, text) => (adapter === 'http' ? Readable.from([text]) : new Blob([text]).stream()),
  showings: [
    (thing) => inspect(thing, { depth: 12 }),
    ...(Bun ? [(thing) => Bun.inspect(thing, { depth: 12 })] : []),
    ...(Deno ? [(thing) => Deno.inspect(thing, { depth: 12 })] : []),
    (thing) => `${thing} ${Object(thing).stack} ${JSON.stringify(thing)}`,
  ],
}
const report = await runSuite(platform, commonjs(createRequire(import.meta.url)))
process.stdout.write(JSON.stringify(report))
