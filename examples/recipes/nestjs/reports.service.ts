import { HttpService } from '@nestjs/axios'
import { BadGatewayException, Inject, Injectable } from '@nestjs/common'
import { AuthError } from 'axios-auth-interceptors'
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
        // It is us whom the issuer does not know, not the user who asks: not a 401 of ours.
        if (error instanceof AuthError)
          throw new BadGatewayException('no access to the reports', { cause: error })
        throw error
      }),
    )
  }
}
