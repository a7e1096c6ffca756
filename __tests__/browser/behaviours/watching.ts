import { takeFaults } from '../faults'
import { openStage, type Setting } from '../stage'

export function watching(setting: Setting): void {
  test('what must not happen in a page is noticed', async () => {
    const { run, page } = await openStage(setting)
    await run(() => {
      Promise.reject(new Error('on purpose'))
      console.error('an', 'error')
      setTimeout(() => {
        throw new Error('uncaught')
      })
      try {
        new Function('return 1')()
      } catch {
        // The policy forbids it.
      }
    })
    await run(() => fetch('http://forbidden.example.com/').catch(() => undefined))
    expect((await takeFaults(page)).sort()).toEqual([
      expect.stringMatching(/^connect-src forbids http:\/\/forbidden.example.com/),
      'console.error: an error',
      'script-src forbids eval',
      expect.stringMatching(/^uncaught: .*uncaught$/),
      'unhandled rejection: Error: on purpose',
    ])
  })
}
