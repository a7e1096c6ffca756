import type { Browser, Page } from 'puppeteer-core'

export type LaneName = 'library' | 'by-hand'
export type Counters = Record<'apiCalls' | 'refused' | 'tokenCalls' | 'waited' | 'served' | 'failed', number>

/** The playground as its visitor sees and uses it. */
export interface PlaygroundPage {
  readonly page: Page
  /** What the browser complained about. */
  readonly complaints: readonly string[]
  /** Where requests went. */
  readonly origins: ReadonlySet<string>
  counters(lane: LaneName): Promise<Counters>
  /** The counters as soon as one of them is so high. */
  reached(lane: LaneName, counter: keyof Counters, figure: number): Promise<Counters>
  /** After the browser has drawn so many frames: the world goes on by 100 ms in each at most. */
  frames(count: number): Promise<void>
  button(name: string): Promise<void>
  /** Until another world has begun. */
  begun(): Promise<void>
  pressed(): Promise<string[]>
  text(selector: string): Promise<string>
}

export async function openPlayground(
  browser: Browser,
  url: string,
  { width = 1280, height = 900, reducedMotion = false } = {},
): Promise<PlaygroundPage> {
  const page = await browser.newPage()
  // The world of a busy machine is slow: it goes on by frames.
  page.setDefaultTimeout(120_000)
  const complaints: string[] = []
  const origins = new Set<string>()
  page.on('console', (message) => {
    if (['error', 'warn'].includes(message.type())) complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(String(error)))
  page.on('request', (request) => {
    if (!request.url().startsWith('data:')) origins.add(new URL(request.url()).origin)
  })
  await page.setViewport({ width, height })
  if (reducedMotion) await page.emulateMediaFeatures([{ name: 'prefers-reduced-motion', value: 'reduce' }])
  await page.goto(`${url}/playground`)
  await page.waitForSelector('.lanes[aria-busy="false"] canvas')

  const counters = (lane: LaneName): Promise<Counters> =>
    page.$$eval(
      `[data-lane="${lane}"] [data-count]`,
      (cells) =>
        Object.fromEntries(
          cells.map((cell) => [
            (cell as HTMLElement).dataset.count,
            Number.parseInt(cell.textContent ?? '', 10),
          ]),
        ) as Counters,
    )

  return {
    page,
    complaints,
    origins,
    counters,
    async reached(lane, counter, figure) {
      // Looked at in each frame and taken in the same one: between two calls the world would have gone on.
      const handle = await page.waitForFunction(
        (lane, counter, figure) => {
          const cells = [...document.querySelectorAll<HTMLElement>(`[data-lane="${lane}"] [data-count]`)]
          const counts = Object.fromEntries(
            cells.map((cell) => [cell.dataset.count, Number.parseInt(cell.textContent ?? '', 10)]),
          )
          return Number(counts[counter]) >= figure && counts
        },
        {},
        lane,
        counter,
        figure,
      )
      return (await handle.jsonValue()) as Counters
    },
    frames: (count) =>
      page.evaluate(async (count) => {
        for (let frame = 0; frame < count; frame += 1)
          await new Promise((resolve) => requestAnimationFrame(resolve))
      }, count),
    button: (name) => page.locator(`::-p-aria([name="${name}"][role="button"])`).click(),
    begun: async () => void (await page.waitForSelector('.lanes[aria-busy="false"]')),
    pressed: () =>
      page.$$eval('.stage button[aria-pressed="true"]', (all) =>
        all.map(({ textContent }) => (textContent ?? '').trim()),
      ),
    text: (selector) => page.$eval(selector, ({ textContent }) => textContent ?? ''),
  }
}
