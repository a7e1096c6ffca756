import { QueryClientProvider, useQuery } from '@tanstack/react-query'
import { type ReactNode, useState } from 'react'
import type { Session } from './session'

interface Report {
  readonly id: number
  readonly title: string
}

export function App({ session }: { session: Session }): ReactNode {
  const [isLoggedIn, setLoggedIn] = useState(true)
  if (!isLoggedIn) return <p>You are logged out.</p>

  // First take away what would ask again, then forget what it got.
  const logOut = (): void => {
    setLoggedIn(false)
    session.logOut().catch(() => undefined) // The browser has forgotten all; the session will end by itself.
  }
  return (
    <QueryClientProvider client={session.queries}>
      <Reports session={session} />
      <button type="button" onClick={logOut}>
        Log out
      </button>
    </QueryClientProvider>
  )
}

export function Reports({ session }: { session: Session }): ReactNode {
  const { data, error } = useQuery({
    queryKey: ['reports'],
    // With the signal, a request that nobody waits for any more ends; so does its wait for a token.
    queryFn: async ({ signal }) => (await session.api.get<Report[]>('/reports', { signal })).data,
  })
  if (error) return <p role="alert">The reports cannot be shown: {error.message}</p>
  return (
    <ul>
      {data?.map(({ id, title }) => (
        <li key={id}>{title}</li>
      ))}
    </ul>
  )
}
