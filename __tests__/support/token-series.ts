/** An issuer in one function: it gives `fake-token-1`, `fake-token-2`, ... and can end what it has given. */
export interface TokenSeries {
  fetch(): Promise<string>
  /** How often it was asked. */
  readonly calls: number
  /** Is this the newest token, and not ended? */
  isValid(token: string | undefined): boolean
  /** Ends all tokens given so far. */
  revoke(): void
}

export function tokenSeries(): TokenSeries {
  let calls = 0
  let valid: string | undefined
  return {
    fetch: () => {
      calls += 1
      valid = `fake-token-${calls}`
      return Promise.resolve(valid)
    },
    get calls() {
      return calls
    },
    isValid: (token) => token !== undefined && token === valid,
    revoke: () => {
      valid = undefined
    },
  }
}

export interface Deferred<T> {
  readonly promise: Promise<T>
  resolve(value: T): void
  reject(error: unknown): void
}

export function deferred<T = void>(): Deferred<T> {
  let settle: Omit<Deferred<T>, 'promise'> | undefined
  const promise = new Promise<T>((resolve, reject) => {
    settle = { resolve, reject }
  })
  return { promise, ...(settle as Omit<Deferred<T>, 'promise'>) }
}
