import { HttpService } from '@nestjs/axios'
import { BadGatewayException, Inject, Injectable } from '@nestjs/common'
import { isAxiosError } from 'axios'
import { catchError, map, type Observable } from 'rxjs'

export interface Report {
  readonly id: number
  readonly title: string
}

@Injectable()
export class ReportsService {
  constructor(@Inject(HttpService) private readonly http: HttpService) {}

  newest(): Observable<readonly Report[]> {
    return this.http.get<Report[]>('/reports').pipe(
      map(({ data }) => data),
      catchError((error: unknown) => {
        // Whether the API or the issuer: it is we who were not let in, not the user who asks.
        throw isAxiosError(error) ? new BadGatewayException('no reports', { cause: error }) : error
      }),
    )
  }
}
