import type { Browser, Page } from 'puppeteer-core'
import { cookies } from './behaviours/cookies'
import { crossOrigin } from './behaviours/cross-origin'
import { destinations } from './behaviours/destinations'
import { fetching } from './behaviours/fetching'
import { leaving } from './behaviours/leaving'
import { oauth } from './behaviours/oauth'
import { redirects } from './behaviours/redirects'
import { replaying } from './behaviours/replaying'
import { secrets } from './behaviours/secrets'
import { staticCredentials } from './behaviours/static-credentials'
import { watching } from './behaviours/watching'
import { builds } from './build-site'
import { takeFaults } from './faults'
import { type BrowserName, executableOf, launch } from './launch'

const behaviours = [
  fetching,
  replaying,
  leaving,
  crossOrigin,
  destinations,
  redirects,
  cookies,
  staticCredentials,
  secrets,
  oauth,
  watching,
]

/** All behaviours in one browser, which is started once. */
export function behaveIn(browser: BrowserName): void {
  const describeThere = executableOf(browser) ? describe : describe.skip
  describeThere(`in ${browser}`, () => {
    let running: Browser
    let page: Page
    beforeAll(async () => {
      running = await launch(browser)
      page = await running.newPage()
    })
    afterAll(() => running.close())
    afterEach(async () => {
      expect(await takeFaults(page)).toEqual([])
    })

    describe.each(builds)('by %s', (build) => {
      describe.each(['xhr', 'fetch'] as const)('over %s', (adapter) => {
        for (const behave of behaviours) behave({ browser, build, adapter, page: () => page })
      })
    })
  })
}
