import { worldTime } from '../../docs/.vitepress/theme/playground/world/world-time'
import { idle } from './emulated-world'

test('what is due happens in its order, each at its own moment', async () => {
  const time = worldTime(idle)
  const happened: string[] = []
  const note = (name: string) => (): void => void happened.push(`${name} at ${time.now()}`)
  time.after(30, note('late'))
  time.after(10, note('early'))
  time.after(10, note('early, too'))
  time.after(50, note('not yet'))
  await time.goOn(40)
  expect(happened).toEqual(['early at 10', 'early, too at 10', 'late at 30'])
  expect(time.now()).toBe(40)
})

test('whoever waited goes on before time does', async () => {
  const time = worldTime(idle)
  const moments: number[] = []
  const walk = async (): Promise<void> => {
    for (let step = 0; step < 3; step += 1) {
      await time.pause(10)
      await Promise.resolve().then(() => undefined)
      moments.push(time.now())
    }
  }
  const walked = walk()
  await time.goOn(100)
  await walked
  expect(moments).toEqual([10, 20, 30])
})

test('time stands still unless it is told to go on', async () => {
  const time = worldTime(idle)
  time.after(0, () => {
    throw new Error('it has happened')
  })
  await idle()
  expect(time.now()).toBe(0)
})

test('after its end nothing happens any more, whatever was due', async () => {
  const time = worldTime(idle)
  const happened: number[] = []
  time.after(10, () => {
    happened.push(time.now())
    time.end()
  })
  time.after(10, () => happened.push(time.now()))
  await time.goOn(100)
  time.after(10, () => happened.push(time.now()))
  await time.goOn(200)
  expect(happened).toEqual([10])
})
