import type { AxiosResponse } from 'axios'
import type { AuthResponse } from './auth-scheme'
import { type Challenge, parseChallenges } from './challenge'
import { readData } from './json'
import { headerOf } from './response-header'

/** A response as a scheme sees it. */
export class SeenResponse implements AuthResponse {
  readonly #response: AxiosResponse

  constructor(response: AxiosResponse) {
    this.#response = response
  }

  get status(): number {
    return this.#response.status
  }

  get data(): unknown {
    return readData(this.#response.data)
  }

  get challenges(): readonly Challenge[] {
    return parseChallenges(this.header('www-authenticate'))
  }

  header(name: string): string | undefined {
    return headerOf(this.#response, name.toLowerCase())
  }
}
