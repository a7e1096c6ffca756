import puppeteer from 'puppeteer-core'
import flags from '../../browsers/chromium-flags.cjs'

export const launchChromium = () =>
  puppeteer.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: flags })
