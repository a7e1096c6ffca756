import { running } from '../../docs/.vitepress/theme/playground/running'
import { idle } from './emulated-world'

/** A page whose frames come when the test says so. */
function page() {
  const asked = new Map<number, (at: number) => void>()
  let last = 0
  return {
    asked,
    frames: {
      request(callback: (at: number) => void): number {
        last += 1
        asked.set(last, callback)
        return last
      },
      cancel: (id: number): void => void asked.delete(id),
    },
    async frame(at: number): Promise<void> {
      const callbacks = [...asked.values()]
      asked.clear()
      for (const callback of callbacks) callback(at)
      await idle()
    },
  }
}

test('each frame lets pass what has passed since the last', async () => {
  const { frames, frame } = page()
  const passed: number[] = []
  const runs = running(frames, async (elapsed) => void passed.push(elapsed))
  runs.start()
  for (const at of [1000, 1016, 1050]) await frame(at)
  expect(passed).toEqual([0, 16, 34])
})

test('a page that was asleep goes on where it was', async () => {
  const { frames, frame } = page()
  const passed: number[] = []
  const runs = running(frames, async (elapsed) => void passed.push(elapsed))
  runs.start()
  for (const at of [0, 60_000]) await frame(at)
  expect(passed).toEqual([0, 100])
})

test('no time passes while it is stopped, and no frame is asked for', async () => {
  const { frames, frame, asked } = page()
  const passed: number[] = []
  const runs = running(frames, async (elapsed) => void passed.push(elapsed))
  runs.start()
  await frame(0)
  runs.stop()
  expect(asked.size).toBe(0)
  runs.start()
  for (const at of [90, 100]) await frame(at)
  expect(passed).toEqual([0, 0, 10])
})

test('the next frame is asked for when the last is done, however long that takes, and starting twice changes nothing', async () => {
  const { frames, frame, asked } = page()
  let done: () => void = () => undefined
  const runs = running(frames, () => new Promise((resolve) => (done = resolve)))
  runs.start()
  runs.start()
  expect(asked.size).toBe(1)
  await frame(0)
  expect(asked.size).toBe(0)
  done()
  await idle()
  expect(asked.size).toBe(1)
})
