/** The credentials of the Basic scheme (RFC 7617): user-id, colon and password as UTF-8 in base64. */
export function basicCredentials(username: string, password: string): string {
  const bytes = new TextEncoder().encode(`${username}:${password}`)
  return `Basic ${btoa(String.fromCharCode(...bytes))}`
}
