import type { Page } from 'puppeteer-core'

/** What has happened in the page that must not: see `site/watch.js`. They are forgotten. */
export const takeFaults = (page: Page): Promise<string[]> =>
  // A turn later, for a page is told of an unhandled promise when all else that was due is done.
  page.evaluate(
    () => new Promise<string[]>((resolve) => setTimeout(() => resolve(globalThis.faults.splice(0)))),
  )
