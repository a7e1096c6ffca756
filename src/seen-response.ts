import type { AxiosResponse } from 'axios'
import type { AuthResponse } from './auth-scheme'
import { type Challenge, parseChallenges } from './challenge'

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
    return this.#response.data
  }

  get challenges(): readonly Challenge[] {
    return parseChallenges(this.header('www-authenticate'))
  }

  header(name: string): string | undefined {
    const wanted = name.toLowerCase()
    for (const [key, value] of Object.entries(this.#response.headers ?? {})) {
      if (key.toLowerCase() === wanted && value != null)
        return Array.isArray(value) ? value.join(', ') : String(value)
    }
    return undefined
  }
}
