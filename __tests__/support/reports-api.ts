import { startServer } from './servers'

type IsValid = (token: string | undefined) => boolean | Promise<boolean>

export const REPORTS = [
  { id: 2, title: 'A fake report' },
  { id: 1, title: 'An older one' },
]

/** An API of reports for whoever has a valid bearer token, as `examples/recipes/openapi/openapi.json` describes it. */
export async function startReportsApi(isValid: IsValid) {
  const server = await startServer(
    async (request, response, body) => {
      if (request.url === '/status') return response.writeHead(204).end()
      const token = request.headers.authorization?.slice('Bearer '.length)
      if (!(await isValid(token)))
        return response.writeHead(401, { 'www-authenticate': 'Bearer error="invalid_token"' }).end()
      const isNew = request.method === 'POST'
      return response
        .writeHead(isNew ? 201 : 200, { 'content-type': 'application/json' })
        .end(JSON.stringify(isNew ? { id: 3, ...JSON.parse(body.toString()) } : REPORTS))
    },
    { cors: true },
  )
  return {
    url: server.url,
    requests: server.requests,
    /** The credentials of each request, oldest first. */
    credentials: () => server.requests.map(({ headers }) => headers.authorization),
  }
}
