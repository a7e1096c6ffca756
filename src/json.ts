/** What a text says if it is JSON; undefined if it is not. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The data of a response: JSON that came as text is parsed, other text stays as it is. */
export const readData = (data: unknown): unknown =>
  typeof data === 'string' ? (parsedJson(data) ?? data) : data

/** What base64, of either alphabet, says if it is UTF-8; undefined if it is not. */
export function textOfBase64(base64: string): string | undefined {
  try {
    const bytes = atob(base64.replace(/-/g, '+').replace(/_/g, '/'))
    return new TextDecoder('utf-8', { fatal: true }).decode(
      Uint8Array.from(bytes, (byte) => byte.charCodeAt(0)),
    )
  } catch {
    return undefined
  }
}
