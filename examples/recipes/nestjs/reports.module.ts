import { HttpModule, HttpService } from '@nestjs/axios'
import { type DynamicModule, Inject, Module } from '@nestjs/common'
import axios from 'axios'
import { bearerAuth, clientCredentials, type TokenSource, tokenSource } from 'axios-auth-interceptors'
import { ReportsService } from './reports.service'

export interface ReportsSetting {
  readonly issuerUrl: string
  readonly apiUrl: string
  readonly clientId: string
  readonly clientSecret: string
}

const TOKENS = Symbol('tokens')

@Module({})
export class ReportsModule {
  static register({ issuerUrl, apiUrl, clientId, clientSecret }: ReportsSetting): DynamicModule {
    return {
      module: ReportsModule,
      imports: [HttpModule.register({ baseURL: apiUrl, timeout: 10_000 })],
      providers: [
        {
          provide: TOKENS,
          useFactory: () => {
            const issuer = axios.create({ baseURL: issuerUrl, timeout: 5_000 })
            return tokenSource(clientCredentials(issuer, { url: '/token', clientId, clientSecret }))
          },
        },
        ReportsService,
      ],
      exports: [ReportsService],
    }
  }

  // Nest makes one of each module: so the interceptor is installed once, however many services there are.
  constructor(@Inject(HttpService) http: HttpService, @Inject(TOKENS) tokens: TokenSource) {
    http.axiosRef.interceptors.request.use(bearerAuth(tokens))
  }
}
