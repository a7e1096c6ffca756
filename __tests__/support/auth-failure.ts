import { inspect } from 'node:util'
import { AuthError } from '#lib'

/** The AuthError that this fails with. */
export async function failureOf(promise: Promise<unknown>): Promise<AuthError> {
  const failure: unknown = await promise.then(
    () => undefined,
    (error: unknown) => error,
  )
  expect(failure).toBeInstanceOf(AuthError)
  return failure as AuthError
}

/** All that printing an error and its causes can show. */
export function shown(error: unknown): string {
  const texts: string[] = []
  for (let at = error; at instanceof Error; at = at.cause) {
    texts.push(inspect(at, { showHidden: true, depth: null }), JSON.stringify(at), String(at.stack))
  }
  return texts.join('\n')
}
