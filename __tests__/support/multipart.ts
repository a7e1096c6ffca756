/** A multipart body without its boundary, which is its first line and each time another. */
export function withoutBoundary(body: Buffer): string {
  const text = body.toString()
  const boundary = text.slice(0, text.indexOf('\r\n'))
  return text.split(boundary).join('(boundary)')
}
