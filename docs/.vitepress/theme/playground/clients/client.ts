import type { AxiosInstance } from 'axios'
import type { AuthEvent, TokenEvent } from 'axios-auth-interceptors'
import type { Held } from '../world/history'

/** What a client has to work with. */
export interface ClientNeeds {
  /** The instance whose requests need a token. */
  readonly api: AxiosInstance
  /** The instance that asks for tokens. */
  readonly issuer: AxiosInstance
  /** The clock, and chance: those of the world. */
  now(): number
  random(): number
  /** Is told what the library does. */
  onEvent(event: AuthEvent | TokenEvent): void
  /** What a token is worth, for clients that do not know it themselves. */
  worthOf(token: string | undefined): HeldByClient
}

export type HeldByClient = Omit<Held, 'isRevoked'>

export interface Client {
  held(): HeldByClient
  /** Leaves no timer behind. */
  close(): void
}

/** Gives the API's instance what it needs to authenticate. */
export type ClientOf = (needs: ClientNeeds) => Client
