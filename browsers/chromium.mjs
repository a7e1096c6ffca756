// Prints the path of the Chromium of this package, which is unpacked on first use, if it runs on this machine.
import { execFileSync } from 'node:child_process'
import chromium from '@sparticuz/chromium'

const path = await chromium.executablePath()
// It wants libraries of the system, such as libnss3.
execFileSync(path, ['--version'], { stdio: 'ignore' })
console.log(path)
