/** What a function that fetches a token may give. */
export type TokenResult = string | TokenResponse | TokenValue

/** An RFC 6749 section 5.1 token response. */
export interface TokenResponse {
  /** The token. */
  readonly access_token: string
  /** A missing one counts as `Bearer`, an unknown one is refused. */
  readonly token_type?: string | undefined
  /** Its life in seconds. A string of digits is read as a number. */
  readonly expires_in?: number | string | null | undefined
  /** RFC 6749 section 1.5: what the next token is fetched with. */
  readonly refresh_token?: string | undefined
  /** RFC 6749 section 3.3: what the token is good for, where that is not what was asked for. */
  readonly scope?: string | undefined
  /** Seconds until the issuer would like the token to be renewed (Microsoft). */
  readonly refresh_in?: number | string | null | undefined
  readonly [name: PropertyKey]: unknown
}

/** A token in our own words, for issuers that do not speak RFC 6749. Whatever else it holds is kept in `extra`. */
export interface TokenValue {
  /** The token. */
  readonly value: string
  /** Its life in seconds. Give this or `expiresAt`, or neither if it is not known. */
  readonly expiresIn?: number | undefined
  /** Its end: a `Date`, or milliseconds since 1970. */
  readonly expiresAt?: Date | number | undefined
  readonly [name: PropertyKey]: unknown
}

/** A token that a source holds. Printing or serialising it shows no secret: `value` and `extra` can only be read. */
export class AccessToken {
  /** Names the token in events: 1 is the first that its source got. */
  readonly serial: number
  /** Its end in milliseconds since 1970; undefined if the issuer did not say. */
  readonly expiresAt: number | undefined
  readonly #value: string
  readonly #extra: Readonly<Record<PropertyKey, unknown>>

  constructor(
    serial: number,
    value: string,
    expiresAt: number | undefined,
    extra: Readonly<Record<PropertyKey, unknown>>,
  ) {
    this.serial = serial
    this.expiresAt = expiresAt
    this.#value = value
    this.#extra = extra
  }

  /** The token itself. */
  get value(): string {
    return this.#value
  }

  /** The other members of the answer it came with: `refresh_token`, `scope`, a second value that must travel with it. */
  get extra(): Readonly<Record<PropertyKey, unknown>> {
    return this.#extra
  }
}
