/**
 * What an example is told from outside. `npm run example` starts servers on this machine and fills it in (stage.mjs).
 * In a program of your own these are values of its configuration.
 */
export interface Setting {
  /** The issuer of the authorization server. */
  readonly issuer: string
  readonly clientId: string
  /** The API that takes the tokens. */
  readonly apiUrl: string
}

/** A client that has a secret. */
export interface ConfidentialSetting extends Setting {
  readonly clientSecret: string
}

/** A login has left a refresh token in a file. */
export interface StoredTokenSetting extends ConfidentialSetting {
  readonly tokenFile: string
}

/** Somebody has a browser. */
export interface WebSetting extends ConfidentialSetting {
  /** Where users reach the program: its redirect URIs are registered under it. */
  readonly publicUrl: string
  /** The user visits the program that listens at `url`, consents at the log-in or not, and reads what is at the end. */
  readonly visit: (url: string, user: { readonly consents: boolean }) => Promise<string>
}

/** Somebody has a device beside the one that the program runs on. */
export interface DeviceSetting extends Setting {
  /** The user opens the page, enters the code and consents. */
  readonly enterCode: (userCode: string) => Promise<void>
}

/** A service that is called with tokens of several users. */
export interface ServiceSetting extends ConfidentialSetting {
  /** Calls the service that listens at `url`, with a token of this user's. Gives what it answers. */
  readonly callAs: (user: string, url: string) => Promise<unknown>
}

/** A private key that signs, in PEM (PKCS #8), and its id. */
export interface SigningKey {
  readonly pem: string
  readonly kid: string
}

export interface PrivateKeySetting extends Setting {
  readonly signingKey: SigningKey
}

/** Somebody whose assertions the authorization server trusts. */
export interface AssertionSetting extends ConfidentialSetting {
  readonly assertionIssuer: string
  readonly signingKey: SigningKey
}

/** A certificate with its key, and that of the authority which has signed the server's, all in PEM. */
export interface CertificateSetting extends Setting {
  readonly cert: string
  readonly key: string
  readonly ca: string
}
