import { failureBudget } from '#lib/tokens/failure-budget'

const spentAt = (...times: number[]) => {
  const budget = failureBudget()
  for (const time of times) budget.spend(time)
  return budget
}

test.each([
  ['none', []],
  ['one', [0]],
  ['four', [0, 0, 0, 0]],
])('after %s of the failures the next try may be made at once', (_, times) => {
  expect(spentAt(...times).nextTry(10)).toBeLessThanOrEqual(10)
})

test('after five failures the next try waits for the first to be 30 s old', () => {
  const budget = spentAt(100, 200, 300, 400, 500)
  expect(budget.nextTry(500)).toBe(30_100)
  expect(budget.nextTry(30_099)).toBeGreaterThan(30_099)
  expect(budget.nextTry(30_100)).toBeLessThanOrEqual(30_100)
})

test('five failures that lie more than 30 s apart do not count together', () => {
  const budget = spentAt(0, 10_000, 20_000, 30_000, 40_000)
  expect(budget.nextTry(40_000)).toBeLessThanOrEqual(40_000)
})

test('each further failure waits for the one that is five back', () => {
  const budget = spentAt(0, 1000, 2000, 3000, 4000)
  budget.spend(30_000)
  expect(budget.nextTry(30_000)).toBe(31_000)
  budget.spend(31_000)
  expect(budget.nextTry(31_000)).toBe(32_000)
})

test('after 30 quiet seconds five failures are free again', () => {
  const budget = spentAt(0, 0, 0, 0, 0)
  for (let spent = 0; spent < 4; spent += 1) {
    budget.spend(30_000)
    expect(budget.nextTry(30_000)).toBeLessThanOrEqual(30_000)
  }
  budget.spend(30_000)
  expect(budget.nextTry(30_000)).toBe(60_000)
})

test('two budgets do not share', () => {
  spentAt(0, 0, 0, 0, 0)
  expect(failureBudget().nextTry(0)).toBeLessThanOrEqual(0)
})
