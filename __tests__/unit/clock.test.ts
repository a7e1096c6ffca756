import { clockOf } from '#lib/tokens/clock'

/** Both clocks in hand, and the clock that is made of them. */
function hands() {
  const at = { wall: 1_000_000, steady: 50 }
  const clock = clockOf(
    () => at.wall,
    () => at.steady,
  )
  const pass = (ms: number) => {
    at.wall += ms
    at.steady += ms
  }
  return { at, clock, pass }
}

test('an age is what both clocks say', () => {
  const { clock, pass } = hands()
  const stamp = clock.stamp()
  expect(clock.since(stamp)).toBe(0)
  pass(1234)
  expect(clock.since(stamp)).toBe(1234)
})

test('the wall clock is told as it stands', () => {
  const { at, clock, pass } = hands()
  pass(1)
  expect(clock.now()).toBe(1_000_001)
  at.wall = 5
  expect(clock.now()).toBe(5)
})

test('a wall clock that is turned back makes nothing younger', () => {
  const { at, clock, pass } = hands()
  const stamp = clock.stamp()
  pass(10_000)
  expect(clock.since(stamp)).toBe(10_000)
  at.wall -= 3_600_000
  expect(clock.since(stamp)).toBe(10_000)
  pass(1000)
  expect(clock.since(stamp)).toBe(11_000)
})

test('a stamp taken after the clock was turned back counts from then', () => {
  const { at, clock, pass } = hands()
  clock.stamp()
  at.wall -= 3_600_000
  const stamp = clock.stamp()
  expect(clock.since(stamp)).toBe(0)
  pass(500)
  expect(clock.since(stamp)).toBe(500)
})

test('a wall clock that is turned back, again and again, still goes on', () => {
  const { at } = hands()
  const clock = clockOf(
    () => at.wall,
    () => 0,
  )
  const stamp = clock.stamp()
  for (let turn = 0; turn < 10; turn += 1) {
    at.wall += 100
    clock.since(stamp)
    at.wall -= 1000
    clock.since(stamp)
  }
  expect(clock.since(stamp)).toBe(1000)
})

test('a wall clock that jumps forward makes everything older', () => {
  const { at, clock } = hands()
  const stamp = clock.stamp()
  at.wall += 3_600_000
  expect(clock.since(stamp)).toBe(3_600_000)
})

test('the steady clock counts where it goes further', () => {
  const { at, clock } = hands()
  const stamp = clock.stamp()
  at.steady += 5000
  expect(clock.since(stamp)).toBe(5000)
})

test('the wall clock counts where the steady one stood still, as while a laptop sleeps', () => {
  const { at, clock, pass } = hands()
  const stamp = clock.stamp()
  pass(1000)
  at.wall += 8 * 3_600_000
  expect(clock.since(stamp)).toBe(8 * 3_600_000 + 1000)
})

test('whatever the clocks do, nothing becomes younger', () => {
  const { at, clock } = hands()
  const stamp = clock.stamp()
  const moves: [wall: number, steady: number][] = [
    [100, 100],
    [-5000, 10],
    [0, 0],
    [7000, 20],
    [-7000, 0],
    [1, 9000],
    [-1, 1],
    [20_000, 0],
  ]
  let oldest = 0
  for (const [wall, steady] of moves) {
    at.wall += wall
    at.steady += steady
    const age = clock.since(stamp)
    expect(age).toBeGreaterThanOrEqual(oldest)
    oldest = age
  }
})

test('without arguments it is the clock of the machine', () => {
  const clock = clockOf()
  const before = Date.now()
  const stamp = clock.stamp()
  expect(clock.now()).toBeGreaterThanOrEqual(before)
  expect(clock.since(stamp)).toBeGreaterThanOrEqual(0)
})
