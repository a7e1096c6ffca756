import { AREAS } from '../../docs/.vitepress/theme/playground/timeline/areas'
import { requestShapes, rowsOf } from '../../docs/.vitepress/theme/playground/timeline/request-shapes'
import type { Box, Label, Shape } from '../../docs/.vitepress/theme/playground/timeline/shapes'
import { timeline } from '../../docs/.vitepress/theme/playground/timeline/timeline'
import { heldShapes, tokenCallShapes } from '../../docs/.vitepress/theme/playground/timeline/token-shapes'
import type { View } from '../../docs/.vitepress/theme/playground/timeline/view'
import { momentShapes } from '../../docs/.vitepress/theme/playground/timeline/world-shapes'
import type {
  CallerRequest,
  HeldStretch,
  TokenCall,
} from '../../docs/.vitepress/theme/playground/world/history'
import { closeWorlds, worldWith } from './emulated-world'

afterEach(closeWorlds)

/** A pixel is ten milliseconds, and the left edge is the beginning. */
const view: View = { now: 10_000, width: 1000, span: 10_000 }

const request = (more: Partial<CallerRequest>): CallerRequest => ({
  from: 1000,
  row: 0,
  sendings: [],
  hasWaited: false,
  ...more,
})

/** Shapes in words, so that a fault can be read. */
const inWords = (shapes: Shape[]): string[] =>
  shapes.map((shape) => {
    const x = Math.round(shape.x)
    if (shape.kind === 'box') return `${shape.look} ${x}-${Math.round(shape.x + shape.width)}`
    if (shape.kind === 'arrow') return `arrow ${x}-${Math.round(shape.x + shape.width)}`
    if (shape.kind === 'label') return shape.text
    return `${shape.kind} ${x}`
  })

const drawn = (requests: CallerRequest[], at: View = view): Shape[] =>
  requestShapes(requests, at, rowsOf(requests, at))

const boxes = (shapes: Shape[]): Box[] => shapes.filter((shape) => shape.kind === 'box')
const labels = (shapes: Shape[]): Label[] => shapes.filter((shape) => shape.kind === 'label')

describe('a request', () => {
  test('that is refused is a bar with a red end, an arrow, and the bar of its replay', () => {
    const sendings = [
      { from: 1000, until: 2000, status: 401 },
      { from: 2500, until: 3000, status: 200 },
    ]
    expect(inWords(drawn([request({ sendings, until: 3000, outcome: 'served' })]))).toEqual([
      'wire 100-200',
      'refused 195-200',
      '401',
      'waiting 200-250',
      'wire 250-300',
      'arrow 200-250',
    ])
  })

  test('that waits for a token is hatched until it is sent, and so far it goes on until now', () => {
    const sent = request({ sendings: [{ from: 1500 }] })
    const waiting = request({ from: 9000, row: 1 })
    expect(inWords(drawn([sent, waiting]))).toEqual(['waiting 100-150', 'wire 150-1000', 'waiting 900-1000'])
  })

  test('that fails for want of a token ends with a cross', () => {
    const failed = request({ until: 1500, outcome: 'failed' })
    expect(inWords(drawn([failed]))).toEqual(['waited in vain 100-150', 'cross 150'])
  })

  test('that fails at once is a cross, though it took no time', () => {
    const failed = request({ until: 1000, outcome: 'failed' })
    expect(inWords(drawn([failed]))).toEqual(['cross 100'])
  })

  test('that was over before the left edge is not drawn, and one that reaches over it is cut', () => {
    const later = { ...view, now: 12_000 }
    const over = request({
      sendings: [{ from: 1000, until: 1500, status: 200 }],
      until: 1500,
      outcome: 'served',
    })
    const reaches = request({
      sendings: [{ from: 1000, until: 3000, status: 200 }],
      until: 3000,
      outcome: 'served',
    })
    expect(drawn([over], later)).toEqual([])
    expect(inWords(drawn([reaches], later))).toEqual(['wire 0-100'])
  })
})

describe('many requests', () => {
  const many = (count: number): CallerRequest[] =>
    Array.from({ length: count }, (_, row) => request({ row, sendings: [{ from: 1000 }] }))

  test.each([1, 10, 40, 60, 500])('%i of them stay in their place and do not overlap', (count) => {
    const bars = boxes(drawn(many(count)))
    const { top, height } = AREAS.requests
    for (const [index, { y, height: own }] of bars.entries()) {
      expect(y).toBeGreaterThanOrEqual(top)
      expect(y + own).toBeLessThanOrEqual(top + height)
      expect(y + own).toBeLessThan(bars[index + 1]?.y ?? Number.POSITIVE_INFINITY)
    }
  })

  test('those for which there is no row are counted', () => {
    const shapes = drawn(many(100))
    expect(labels(shapes).map(({ text }) => text)).toEqual([
      `and ${100 - boxes(shapes).length} more under way`,
    ])
  })
})

test('a row is as high in both lanes, so that they can be compared', async () => {
  const world = worldWith({ byHand: 'naive', tokenLife: 5 })
  await world.goOn(8000)
  const heights = Object.values(world.lanes).map(({ record }) =>
    boxes(timeline(record, world, view)).flatMap(({ look, height }) => (look === 'wire' ? height : [])),
  )
  const [library = [], byHand = []] = heights
  expect(new Set(library).size).toBe(1)
  expect(new Set(library)).toEqual(new Set(byHand))
})

describe('the token', () => {
  const stay = (from: number, state: HeldStretch['state'], more: Partial<HeldStretch> = {}): HeldStretch => ({
    from,
    until: from,
    state,
    token: 1,
    isRevoked: false,
    ...more,
  })

  test('is a band of its states, each until the next', () => {
    const life = [
      stay(0, 'none', { token: undefined }),
      stay(1000, 'fresh'),
      stay(6000, 'stale'),
      stay(8000, 'expired'),
      stay(9000, 'fresh', { token: 2, isRevoked: true }),
    ]
    expect(inWords(heldShapes(life, view))).toEqual([
      'none',
      'fresh 100-600',
      'token 1, fresh',
      'stale 600-800',
      'token 1, stale',
      'expired 800-900',
      'revoked 900-1000',
    ])
  })

  test('has its calls to the issuer, with the reason where there is room for it', () => {
    const calls: TokenCall[] = [
      { from: 0, until: 1000, row: 0, reason: 'cold', status: 200 },
      { from: 4000, until: 4500, row: 0, reason: 'stale', status: 503 },
      { from: 4600, until: 5000, row: 0, reason: 'stale', status: 200 },
      { from: 9000, row: 0, reason: 'rejected' },
    ]
    expect(inWords(tokenCallShapes(calls, view))).toEqual([
      'token call 0-100',
      'the first token',
      'failed 400-450',
      'cross 450',
      'token call 460-500',
      'a renewal behind the requests',
      'token call 900-1000',
    ])
  })

  test('has a row for each call at once, and what has none is counted', () => {
    const calls = Array.from({ length: 40 }, (_, row): TokenCall => ({ from: 1000, row, reason: undefined }))
    const { top, height } = AREAS.tokenCalls
    const shapes = tokenCallShapes(calls, view)
    const bars = boxes(shapes)
    expect(bars.length).toBeGreaterThan(5)
    for (const { y, height: own } of bars) expect(y + own).toBeLessThanOrEqual(top + height)
    expect(labels(shapes).map(({ text }) => text)).toEqual([`and ${40 - bars.length} more`])
  })
})

describe('what happens to both lanes', () => {
  test('has its name, to the left of the moment where there is no room to the right', () => {
    const shapes = momentShapes({ revocations: [5000, 9900], outages: [{ from: 7000 }] }, view)
    expect(labels(shapes).map(({ text, align, x }) => [text, align, x])).toEqual([
      ['revoked', 'left', 505],
      ['revoked', 'right', 985],
      ['issuer down', 'left', 705],
    ])
  })
})

test('a whole lane is drawn with nothing outside of it', async () => {
  const world = worldWith({ rate: 50, byHand: 'naive', tokenLife: 5 })
  world.plan(7000, () => world.revoke())
  world.plan(8000, () => world.setIssuerDown(true))
  await world.goOn(10_000)
  for (const { record } of Object.values(world.lanes)) {
    const shapes = timeline(record, world, view)
    expect(new Set(boxes(shapes).map(({ look }) => look))).toContain('refused')
    for (const { x, width } of boxes(shapes)) {
      expect(x).toBeGreaterThanOrEqual(0)
      // The thinnest bar is two pixels wide.
      expect(x + width).toBeLessThanOrEqual(view.width + 2)
    }
  }
})
