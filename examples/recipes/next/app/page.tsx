import { connection } from 'next/server'
import { reportsApi } from '../reports-api'

export default async function Page() {
  // Nothing here belongs to a request, so Next would make this page once, when the app is built.
  await connection()
  const { data } = await reportsApi().get<{ id: number; title: string }[]>('/reports')
  return (
    <ul>
      {data.map(({ id, title }) => (
        <li key={id}>{title}</li>
      ))}
    </ul>
  )
}
