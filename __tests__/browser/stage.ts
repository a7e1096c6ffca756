import type { Page } from 'puppeteer-core'
import { startAuthorizationServer, startProtectedApi } from '../support/servers'
import type { Build } from './build-site'
import { takeFaults } from './faults'
import type { BrowserName } from './launch'
import { CALLBACK, type SiteOptions, type SiteServer, startSite } from './site-server'

/** What a behaviour is tested in. */
export interface Setting {
  readonly browser: BrowserName
  readonly build: Build
  readonly adapter: 'xhr' | 'fetch'
  /** The one page of this browser: each test loads it anew. */
  page(): Page
}

type AuthorizationServer = Awaited<ReturnType<typeof startAuthorizationServer>>
type ApiOptions = Parameters<typeof startProtectedApi>[0]
type CorsPolicy = Exclude<ApiOptions['cors'], boolean | undefined>

interface StageOptions extends Partial<SiteOptions> {
  /** What the API allows, beside or in place of what `allowed` says. */
  readonly cors?: Partial<CorsPolicy>
  /** Whether the issuer lets pages of another origin ask. */
  readonly issuerCors?: boolean
  /** `localhost` makes it of one site with the page. */
  readonly apiHost?: '127.0.0.1' | 'localhost'
}

/** A page, an issuer and an API, each at an origin of its own. */
export interface Stage {
  readonly page: Page
  readonly site: SiteServer
  readonly issuer: AuthorizationServer
  readonly api: Awaited<ReturnType<typeof startProtectedApi>>
  /** Loads the page again, or another URL of its site: it begins anew. */
  load(url?: string): Promise<void>
  /**
   * Runs a function in the page; it sees `inPage` and its arguments, and nothing of the test. It gets there as a script
   * of the page's own: what a driver evaluates is exempt from the Content-Security-Policy, and nobody is told when a
   * promise of it is rejected.
   */
  run<Args extends readonly unknown[], Result>(
    work: (...args: Args) => Result,
    ...args: Args
  ): Promise<Awaited<Result>>
}

/** The request headers that an API of another origin has to allow. */
export const allowed = ({ browser, adapter }: Setting): string[] => [
  'authorization',
  'content-type',
  // axios sets it over fetch. Chromium keeps its own, Firefox sends what it is told and so asks whether it may.
  ...(browser === 'firefox' && adapter === 'fetch' ? ['user-agent'] : []),
]

export async function openStage(setting: Setting, options: StageOptions = {}): Promise<Stage> {
  const { build, adapter } = setting
  const page = setting.page()
  const connect = [...(options.connect ?? [])]
  const site = await startSite(build, { ...options, connect })
  const issuer = await startAuthorizationServer({
    cors: options.issuerCors ?? true,
    spaUrl: site.origin + CALLBACK,
  })
  const api = await startProtectedApi({
    isValid: issuer.accepts,
    cors: {
      origin: site.origin,
      allowHeaders: allowed(setting),
      exposeHeaders: ['WWW-Authenticate', 'Retry-After'],
      ...options.cors,
    },
  })
  const urls = { issuer: issuer.url, api: api.url.replace('127.0.0.1', options.apiHost ?? '127.0.0.1') }
  connect.push(urls.issuer, urls.api)
  const { clientId: username, clientSecret: password } = issuer.clients.basic
  const settings = { adapter, urls, credentials: { username, password } }
  const begin = async (url: string): Promise<void> => {
    await page.goto(url)
    await stage.run((settings) => inPage.begin(settings), settings)
  }
  const stage: Stage = {
    page,
    site,
    issuer,
    api,
    async load(url = site.origin) {
      expect(await takeFaults(page)).toEqual([])
      await begin(url)
    },
    run(work, ...args) {
      const path = site.addScript(`export default await (${work})(${args.map(sourceOf).join(', ')})`)
      return page.evaluate((path) => inPage.run(path), path) as never
    },
  }
  await begin(site.origin)
  return stage
}

const sourceOf = (argument: unknown): string =>
  typeof argument === 'function' ? `(${argument})` : JSON.stringify(argument)
