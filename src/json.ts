/** What a text says if it is JSON; undefined if it is not. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

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
