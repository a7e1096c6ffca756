import type { Browser } from 'puppeteer-core'
import { builtSite } from './built-site'
import { executableOf, launch } from './launch'
import { openPlayground, type PlaygroundPage } from './playground-page'

interface Server {
  readonly url: string
  close(): Promise<void>
}

jest.setTimeout(180_000)

const describeThere = executableOf('chromium') ? describe : describe.skip

describeThere('the playground, in chromium', () => {
  let browser: Browser
  let server: Server
  let open: PlaygroundPage[] = []

  beforeAll(async () => {
    const site = builtSite()
    const { serve } = await nativeImport<{ serve(folder: string): Promise<Server> }>(
      '../docs/.vitepress/static-server.mjs',
    )
    server = await serve(site)
    browser = await launch('chromium', { networkEnabled: true })
  }, 300_000)

  afterEach(async () => {
    for (const { page } of open) await page.close()
    open = []
  })

  afterAll(async () => {
    await browser?.close()
    await server?.close()
  })

  async function playground(options?: Parameters<typeof openPlayground>[2]): Promise<PlaygroundPage> {
    const opened = await openPlayground(browser, server.url, options)
    open.push(opened)
    return opened
  }

  describe('to look at', () => {
    test('begins by itself, draws, and gives the browser nothing to complain about', async () => {
      const { reached, counters, page, complaints, origins } = await playground()
      const { served } = await counters('library')
      await reached('library', 'served', served + 50)
      await reached('by-hand', 'served', served + 50)
      const coloursOf = (canvas: HTMLCanvasElement): number => {
        const { width, height } = canvas
        const pixels =
          canvas.getContext('2d')?.getImageData(0, 0, width, height).data ?? new Uint8ClampedArray()
        return new Set(new Uint32Array(pixels.buffer)).size
      }
      for (const canvas of await page.$$('[data-lane] canvas'))
        expect(await canvas.evaluate(coloursOf)).toBeGreaterThan(10)
      expect(complaints).toEqual([])
      expect([...origins]).toEqual([server.url])
    })

    test('tells its story by itself: a token is revoked, and each request that is refused is served all the same', async () => {
      const { reached, pressed } = await playground()
      expect(await pressed()).toEqual(['The token is revoked with 40 in flight'])
      const { refused } = await reached('library', 'refused', 20)
      const library = await reached('library', 'apiCalls', 600)
      expect(refused).toBeGreaterThan(0)
      expect(library).toMatchObject({ tokenCalls: 2, failed: 0 })
      const byHand = await reached('by-hand', 'tokenCalls', 3)
      expect(byHand.tokenCalls).toBeGreaterThan(library.tokenCalls)
    })

    test('shows the picture to those whose browser runs no scripts', async () => {
      const page = await browser.newPage()
      await page.setJavaScriptEnabled(false)
      await page.goto(`${server.url}/playground`)
      const width = await page.$eval('.playground img', (image) => (image as HTMLImageElement).naturalWidth)
      expect(width).toBeGreaterThan(1000)
      await page.close()
    })

    test('fits a telephone', async () => {
      const { page } = await playground({ width: 390, height: 844 })
      expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBe(390)
    })
  })

  describe('clicking', () => {
    test('revokes the token: one token call, a replay of each request that is refused, no failed caller', async () => {
      const { button, begun, reached } = await playground()
      await button('A renewal')
      await begun()
      const renewal = await reached('library', 'tokenCalls', 2)
      // By then it has been answered: a token that is issued after the revocation would be none that is revoked.
      const before = await reached('library', 'served', renewal.served + 30)
      await button('Revoke the token now')
      const { refused } = await reached('library', 'refused', 3)
      const after = await reached('library', 'apiCalls', before.apiCalls + 80)
      expect(refused).toBeGreaterThan(0)
      expect(after).toMatchObject({ tokenCalls: 3, failed: 0 })
      // What was sent twice was a call each time, and is served once.
      expect(after.apiCalls - after.served).toBeGreaterThanOrEqual(after.refused)
    })

    test('takes the issuer down: callers of the library fail only when no valid token is left', async () => {
      const { page, button, begun, counters, reached, text } = await playground()
      await button('Reset')
      await begun()
      await page.locator('input[name="issuerDown"]').click()
      const { tokenCalls } = await counters('library')
      const renewal = await reached('library', 'tokenCalls', tokenCalls + 1)
      expect(renewal).toMatchObject({ failed: 0 })
      const { served } = await reached('library', 'failed', 1)
      expect(served).toBeGreaterThan(renewal.served)
      expect(await text('[data-lane="library"] .fault')).toMatch(/^Callers fail with ERR_AUTH_TOKEN_/)
    })

    test('shows one lane, the other, or both', async () => {
      const { page } = await playground()
      const lanes = (): Promise<string[]> =>
        page.$$eval('[data-lane] h3', (titles) => titles.map(({ textContent }) => textContent ?? ''))
      expect(await lanes()).toEqual(['With the library', 'By hand, careful'])
      await page.locator('input[value="byHand"]').click()
      expect(await lanes()).toEqual(['By hand, careful'])
      await page.locator('input[value="library"]').click()
      expect(await lanes()).toEqual(['With the library'])
      await page.locator('input[value="both"]').click()
      expect(await lanes()).toEqual(['With the library', 'By hand, careful'])
    })

    test('makes what is written by hand naive: each request that is refused asks for a token', async () => {
      const { page, button, begun, reached, counters, text } = await playground()
      await button('Reset')
      await begun()
      await page.select('select[name="byHand"]', 'naive')
      await begun()
      expect(await text('[data-lane="by-hand"] h3')).toBe('By hand, naive')
      const before = await reached('by-hand', 'served', 100)
      await button('Revoke the token now')
      await reached('by-hand', 'refused', before.refused + 2)
      const { served } = await counters('by-hand')
      const after = await reached('by-hand', 'served', served + 60)
      expect(after.tokenCalls).toBe(after.refused + before.tokenCalls - before.refused)
      expect(await text('.words')).toContain('no clock')
    })

    test('on another way to write it by hand begins the same scenario anew', async () => {
      const { page, begun, pressed } = await playground()
      await page.select('select[name="byHand"]', 'naive')
      await begun()
      expect(await pressed()).toEqual(['The token is revoked with 40 in flight'])
      expect(await page.$eval('input[name="rate"]', (slider) => (slider as HTMLInputElement).value)).toBe(
        '40',
      )
    })

    test('pauses the world, and lets it go on', async () => {
      const { button, counters, frames, reached } = await playground()
      await button('Pause')
      // One may have been under way.
      await frames(2)
      const stopped = await counters('library')
      await frames(30)
      expect(await counters('library')).toEqual(stopped)
      await button('Pause')
      await reached('library', 'served', stopped.served + 1)
    })
  })

  describe('the keyboard alone', () => {
    test('reaches and uses every control', async () => {
      const { page, begun, pressed, counters, frames, reached } = await playground()
      const focused = (): Promise<string> =>
        page.evaluate(() => {
          const element = document.activeElement as HTMLInputElement
          return element.name && element.type !== 'radio'
            ? element.name
            : element.textContent?.trim() || element.value
        })
      /** Tab by tab until there; it may not be on another way. */
      async function tabTo(name: string): Promise<void> {
        for (let tab = 0; tab < 60; tab += 1) {
          if ((await focused()) === name) return
          await page.keyboard.press('Tab')
        }
        throw new Error(`${name} cannot be reached`)
      }
      const output = (name: string): Promise<string> =>
        page.$eval(
          `input[name="${name}"]`,
          (input) => input.closest('label')?.querySelector('output')?.textContent ?? '',
        )

      await tabTo('A renewal')
      await page.keyboard.press('Enter')
      expect(await pressed()).toEqual(['A renewal'])
      await begun()

      await tabTo('Revoke the token now')
      await page.keyboard.press('Space')
      await reached('library', 'refused', 1)

      await tabTo('issuerDown')
      await page.keyboard.press('Space')
      expect(await page.$eval('input[name="issuerDown"]', (box) => (box as HTMLInputElement).checked)).toBe(
        true,
      )
      await page.keyboard.press('Space')

      await tabTo('Pause')
      await page.keyboard.press('Space')
      await frames(2)
      const stopped = await counters('library')
      await frames(20)
      expect(await counters('library')).toEqual(stopped)
      await page.keyboard.press('Enter')
      await reached('library', 'served', stopped.served + 1)

      await tabTo('both')
      await page.keyboard.press('ArrowDown')
      expect(await page.$$('[data-lane]')).toHaveLength(1)
      await page.keyboard.press('ArrowUp')
      expect(await page.$$('[data-lane]')).toHaveLength(2)

      await tabTo('outage')
      await page.keyboard.press('ArrowDown')
      expect(await page.$eval('select[name="outage"]', (select) => (select as HTMLSelectElement).value)).toBe(
        'does not answer',
      )

      for (const [name, before, after] of [
        ['rate', '20', '21'],
        ['tokenLife', '8 s', '9 s'],
        ['apiLatency', '300 ms', '350 ms'],
        ['issuerLatency', '600 ms', '650 ms'],
      ] as const) {
        await tabTo(name)
        expect(await output(name)).toBe(before)
        await page.keyboard.press('ArrowRight')
        expect(await output(name)).toBe(after)
      }
    })

    test('shows where it is', async () => {
      const { page } = await playground()
      const outlines = new Set<string>()
      for (let tab = 0; tab < 40; tab += 1) {
        await page.keyboard.press('Tab')
        const outline = await page.evaluate(() => {
          const element = document.activeElement
          return element?.closest('.stage') ? getComputedStyle(element).outlineStyle : undefined
        })
        if (outline) outlines.add(outline)
      }
      expect([...outlines]).toEqual(['solid'])
    })
  })

  describe('those who do not see it, or cannot bear it move', () => {
    test('hear what happens in words, now and then', async () => {
      const { page, reached } = await playground()
      const live = await page.$$eval('.stage [aria-live="polite"]', (all) => all.length)
      expect(live).toBe(2)
      await reached('library', 'served', 450)
      await page.waitForFunction(() =>
        /The token was revoked\. With the library: 1 token call/.test(
          document.querySelector('.words [aria-live]')?.textContent ?? '',
        ),
      )
      const names = await page.$$eval('canvas', (all) => all.map((canvas) => [canvas.role, canvas.ariaLabel]))
      expect(names).toEqual([
        ['img', expect.stringContaining('With the library')],
        ['img', expect.stringContaining('By hand, careful')],
      ])
    })

    test('get a drawing that advances in steps if they prefer little motion', async () => {
      const { page } = await playground({ reducedMotion: true })
      const changes = await page.evaluate(async () => {
        let changes = 0
        const cell = document.querySelector('[data-lane="library"] [data-count="served"]') as Node
        const observer = new MutationObserver(() => (changes += 1))
        observer.observe(cell, { characterData: true, childList: true, subtree: true })
        for (let frame = 0; frame < 100; frame += 1)
          await new Promise((resolve) => requestAnimationFrame(resolve))
        observer.disconnect()
        return changes
      })
      // A second of the world is ten frames at least.
      expect(changes).toBeGreaterThan(0)
      expect(changes).toBeLessThanOrEqual(11)
    })

    test('lose nothing while it is out of sight: the world stands still', async () => {
      const { page, counters, frames, reached } = await playground({ width: 390, height: 400 })
      await page.evaluate(() => window.scrollTo({ top: document.body.scrollHeight, behavior: 'instant' }))
      await frames(10)
      const stopped = await counters('library')
      await frames(20)
      expect(await counters('library')).toEqual(stopped)
      await page.evaluate(() => window.scrollTo({ top: 0, behavior: 'instant' }))
      await reached('library', 'served', stopped.served + 1)
    })
  })
})
