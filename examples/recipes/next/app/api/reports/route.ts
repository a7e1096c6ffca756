import { isAxiosError } from 'axios'
import { reportsApi } from '../../../reports-api'

export async function GET(request: Request): Promise<Response> {
  try {
    const { data } = await reportsApi().get('/reports', { signal: request.signal })
    return Response.json(data)
  } catch (error) {
    if (!isAxiosError(error)) throw error
    // Whether the API or the issuer: it is this server that was not let in, not the browser that asks.
    console.error('reports', error.code, error.status, error.cause)
    return new Response(null, { status: 502 })
  }
}
