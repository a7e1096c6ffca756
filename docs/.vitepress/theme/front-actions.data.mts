import { exists } from '../pages.mts'

const ACTIONS = [
  { text: 'Start', page: 'start' },
  { text: 'Playground', page: 'playground' },
  { text: 'How a request flows', page: 'how-a-request-flows' },
]

export interface Action {
  readonly text: string
  readonly page: string
}

declare const data: readonly Action[]

export { data }

export default { load: (): readonly Action[] => ACTIONS.filter(({ page }) => exists(page)) }
