/**
 * @jest-environment <rootDir>/__tests__/browser-environment.cjs
 */
import { QueryClientProvider } from '@tanstack/react-query'
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react'
import { App, Reports } from '../../examples/recipes/react-query/reports'
import { openSession } from '../../examples/recipes/react-query/session'
import { REPORTS, startReportsApi } from '../support/reports-api'
import { traces } from '../support/traces'
import { startSessionBackend } from './session-backend'

afterEach(cleanup)

async function setUp({ isLoggedIn = true } = {}) {
  const backend = await startSessionBackend()
  const api = await startReportsApi(backend.issuer.isValid)
  if (isLoggedIn) await backend.logIn()
  return { backend, api, session: openSession(backend.url, api.url) }
}

const shown = async (): Promise<string[]> =>
  (await screen.findAllByRole('listitem')).map(({ textContent }) => textContent)
const TITLES = REPORTS.map(({ title }) => title)

test('a query shows its data, and the cookie of the session has brought the token', async () => {
  const { backend, api, session } = await setUp()
  render(<App session={session} />)
  expect(await shown()).toEqual(TITLES)
  expect([backend.asked(), api.credentials()]).toEqual([['POST /session/token'], ['Bearer fake-token-1']])
})

test('a 401 is replayed unseen by the query: it counts no failure', async () => {
  const { backend, api, session } = await setUp()
  render(<App session={session} />)
  await shown()
  backend.issuer.revoke()
  await session.queries.refetchQueries()
  expect(session.queries.getQueryState(['reports'])).toMatchObject({
    status: 'success',
    dataUpdateCount: 2,
    errorUpdateCount: 0,
    fetchFailureCount: 0,
  })
  expect(api.credentials()).toEqual(['Bearer fake-token-1', 'Bearer fake-token-1', 'Bearer fake-token-2'])
})

test('without a session the error is shown after one token request, and the API is not asked', async () => {
  const { backend, api, session } = await setUp({ isLoggedIn: false })
  render(<App session={session} />)
  expect((await screen.findByRole('alert')).textContent).toContain('login_required')
  expect(session.queries.getQueryState(['reports'])).toMatchObject({ status: 'error', fetchFailureCount: 1 })
  expect([backend.asked(), api.requests]).toEqual([['POST /session/token'], []])
})

test('a 401 whose token cannot be replaced is not retried, either', async () => {
  const { backend, api, session } = await setUp()
  render(<App session={session} />)
  await shown()
  backend.issuer.revoke()
  await backend.end()
  await session.queries.refetchQueries()
  expect(session.queries.getQueryState(['reports'])).toMatchObject({ status: 'error', fetchFailureCount: 1 })
  expect(api.requests).toHaveLength(2)
})

test('who leaves while a token is fetched ends that request alone: the other is served', async () => {
  const { backend, api, session } = await setUp()
  const release = backend.hold()
  const first = render(
    <QueryClientProvider client={session.queries}>
      <Reports session={session} />
    </QueryClientProvider>,
  )
  const other = session.api.get('/reports')
  await backend.held()
  first.unmount()
  await waitFor(() => expect(session.queries.isFetching()).toBe(0))
  release()
  expect((await other).data).toEqual(REPORTS)
  expect([backend.asked(), api.requests.length]).toEqual([['POST /session/token'], 1])
})

test('a log-out forgets the token and the data, and ends the session', async () => {
  const { backend, api, session } = await setUp()
  render(<App session={session} />)
  await shown()
  fireEvent.click(screen.getByRole('button', { name: 'Log out' }))
  await waitFor(() => expect(backend.asked()).toEqual(['POST /session/token', 'DELETE /session']))
  expect(screen.queryAllByRole('listitem')).toEqual([])
  expect(session.queries.getQueryCache().getAll()).toEqual([])
  await expect(session.api.get('/reports')).rejects.toMatchObject({ error: 'login_required' })
  expect(api.requests).toHaveLength(1)
})

test('neither the cache of queries nor the storage of the browser shows the token', async () => {
  const { session } = await setUp()
  render(<App session={session} />)
  await shown()
  const cached = session.queries
    .getQueryCache()
    .getAll()
    .map(({ state }) => state)
  expect(traces(cached, ['fake-token'])).toEqual([])
  expect([localStorage.length, sessionStorage.length, document.cookie]).toEqual([0, 0, ''])
})
