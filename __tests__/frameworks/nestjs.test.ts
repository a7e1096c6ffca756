import { firstValueFrom, forkJoin } from 'rxjs'
import { AuthError } from '#lib'
import { ReportsModule } from '../../examples/recipes/nestjs/reports.module'
import { ReportsService } from '../../examples/recipes/nestjs/reports.service'
import { startNest } from '../support/nest-context'
import { REPORTS, startReportsApi } from '../support/reports-api'
import { startAuthorizationServer } from '../support/servers'

async function setUp() {
  const issuer = await startAuthorizationServer()
  const api = await startReportsApi(issuer.accepts)
  const { clientId, clientSecret } = issuer.clients.basic
  const setting = { issuerUrl: issuer.url, apiUrl: api.url, clientId, clientSecret }
  const app = await startNest([ReportsModule.register(setting)])
  return { issuer, api, reports: app.get<ReportsService>(ReportsService) }
}

test('a service of the module gets its data, and 20 requests at once share one token', async () => {
  const { issuer, api, reports } = await setUp()
  const answers = await firstValueFrom(forkJoin(Array.from({ length: 20 }, () => reports.newest())))
  expect(answers).toEqual(Array.from({ length: 20 }, () => REPORTS))
  expect([issuer.tokenRequests, api.requests.length]).toEqual([1, 20])
})

test('a token that was revoked is replaced, unseen by the service', async () => {
  const { issuer, api, reports } = await setUp()
  await firstValueFrom(reports.newest())
  await issuer.revokeAll()
  expect(await firstValueFrom(reports.newest())).toEqual(REPORTS)
  expect([issuer.tokenRequests, api.requests.length]).toEqual([2, 3])
})

test('without a token the answer to the user is 502, not 401, and its cause says why', async () => {
  const { issuer, api, reports } = await setUp()
  issuer.fail(1, 401, { body: { error: 'invalid_client' } })
  const failure: unknown = await firstValueFrom(reports.newest()).catch((error: unknown) => error)
  expect(failure).toMatchObject({ status: 502 })
  const { cause } = failure as Error
  expect(cause).toBeInstanceOf(AuthError)
  expect(cause).toMatchObject({ error: 'invalid_client' })
  expect(api.requests).toEqual([])
})
