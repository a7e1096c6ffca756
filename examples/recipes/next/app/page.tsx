import { connection } from 'next/server'
import { reportsApi } from '../reports-api'

export default async function Page() {
  await connection() // Next does not see what axios asks for, and would make this page once, when it is built.
  const { data } = await reportsApi().get<{ id: number; title: string }[]>('/reports')
  return (
    <ul>
      {data.map(({ id, title }) => (
        <li key={id}>{title}</li>
      ))}
    </ul>
  )
}
