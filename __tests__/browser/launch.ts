import puppeteer, { type Browser, type LaunchOptions } from 'puppeteer-core'
import flags from '../../browsers/chromium-flags.cjs'

export type BrowserName = 'chromium' | 'firefox'

/** Leads to this machine, but is a host like any other. */
const OTHER_HOST = 'app.example.com'

const options: Record<BrowserName, LaunchOptions> = {
  chromium: {
    browser: 'chrome',
    args: [...flags, `--host-resolver-rules=MAP ${OTHER_HOST} 127.0.0.1`],
  },
  firefox: { browser: 'firefox', extraPrefsFirefox: { 'network.dns.localDomains': OTHER_HOST } },
}

/** Where a browser is: set-up.ts has looked. */
export const executableOf = (name: BrowserName): string | undefined => process.env[name.toUpperCase()]

export const launch = (name: BrowserName, more: LaunchOptions = {}): Promise<Browser> =>
  puppeteer.launch({
    ...options[name],
    executablePath: executableOf(name) as string,
    headless: true,
    // Nobody listens to what it would tell of each request, and there are thousands.
    networkEnabled: false,
    ...more,
  })
