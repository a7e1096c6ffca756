import { writeFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import UPNG from 'upng-js'
import { launchChromium } from './chromium.mjs'
import { serve } from './static-server.mjs'

// Writes docs/playground.png: the built page some moments after the token was revoked.

const SITE = fileURLToPath(new URL('dist', import.meta.url))
const PICTURE = fileURLToPath(new URL('../playground.png', import.meta.url))
// The playground is then nearly 1600 pixels wide, with the controls beside the timelines.
const VIEWPORT = { width: 1440, height: 1200, deviceScaleFactor: 1.5 }
// The words below can be read in the page itself.
const STYLE = '.stage { padding: 12px } .words { display: none }'
// More would double its size, and show nothing more.
const COLOURS = 128

const server = await serve(SITE)
const browser = await launchChromium()
try {
  const page = await browser.newPage()
  await page.setViewport(VIEWPORT)
  await page.goto(`${server.url}/playground`)
  await page.waitForFunction(
    () => Number(document.querySelector('[data-lane="by-hand"] [data-count="tokenCalls"]')?.textContent) >= 4,
  )
  // Until the last replays are on their way.
  await sleep(1200)
  await page.addStyleTag({ content: STYLE })
  const stage = await page.waitForSelector('.stage')
  const picture = UPNG.decode(await stage.screenshot())
  const { width, height } = picture
  await writeFile(PICTURE, Buffer.from(UPNG.encode(UPNG.toRGBA8(picture), width, height, COLOURS)))
} finally {
  await browser.close()
  await server.close()
}
