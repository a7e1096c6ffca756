/** What each page of `site/` gives to the functions that a test runs in it. Outside a page there is no such thing. */
declare const inPage: InPage

interface InPage {
  readonly axios: import('axios').AxiosStatic
  readonly library: typeof import('axios-auth-interceptors')
  /** Only where Vite has bundled it: the file for a script tag is the main entry. */
  readonly oauth: typeof import('axios-auth-interceptors/oauth')
  readonly urls: { readonly issuer: string; readonly api: string }
  /** Makes an instance that sends over the adapter of the test. */
  instance(
    config: import('axios').CreateAxiosDefaults,
    ...interceptors: import('axios-auth-interceptors').AuthInterceptor[]
  ): import('axios').AxiosInstance
  /** Of tokens of the issuer, by client credentials with Basic. */
  readonly source: import('axios-auth-interceptors').TokenSource
  /** How far the clock of the source goes ahead, in milliseconds. */
  readonly clock: { ahead: number }
  /** Sends these tokens to the API. */
  readonly api: import('axios').AxiosInstance
  /** How a GET of that ended. */
  get(url: string, config?: import('axios').AxiosRequestConfig): Promise<PageOutcome>
  /** How a request ended, as plain data. */
  outcomeOf(request: Promise<{ readonly status: number }>): Promise<PageOutcome>
  /** What a later function of the same test goes on with. */
  // biome-ignore lint/suspicious/noExplicitAny: whatever a test puts there
  readonly kept: Record<string, any>
  begin(settings: PageSettings): void
  /** Loads a script of the page's own server, and gives what that exports. */
  run(path: string): Promise<unknown>
}

interface PageSettings extends Pick<InPage, 'urls'> {
  readonly adapter: 'xhr' | 'fetch'
  readonly credentials: { readonly username: string; readonly password: string }
}

interface PageOutcome {
  readonly status?: number
  /** Of the error, as what follows. */
  readonly name?: string
  readonly code?: string
  readonly message?: string
}

/** What must not have happened in the page: see `site/watch.js`. */
declare var faults: string[]
