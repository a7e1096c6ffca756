// What Workers run: GET /suite answers with the report, every other request is one that a check sends to its own Worker.
import { waitUntil } from 'cloudflare:workers'
import { incoming } from './incoming.mjs'
import { serve } from './program.mjs'
import { runSuite } from './suite.mjs'

export default {
  /** @param {Request} request @param {{ STAGE_URL: string }} env */
  async fetch(request, { STAGE_URL: stageUrl }) {
    const { origin: selfUrl, pathname } = new URL(request.url)
    if (pathname !== '/suite') return serve(pathname)
    /** @satisfies {Omit<import('./run-checks.mjs').Platform, 'adapter'>} */
    const platform = {
      stageUrl,
      selfUrl,
      streamOf: (_, text) => new Blob([text]).stream(),
      showings: [(thing) => `${thing} ${Object(thing).stack} ${JSON.stringify(thing)}`],
    }
    return Response.json(await runSuite(platform, incoming(waitUntil)))
  },
}
