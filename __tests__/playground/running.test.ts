import { running } from '../../docs/.vitepress/theme/playground/running'
import { idle } from './emulated-world'
import { page } from './page'

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
  const drawn = frame(0)
  await idle()
  expect(asked.size).toBe(0)
  done()
  await drawn
  expect(asked.size).toBe(1)
})
