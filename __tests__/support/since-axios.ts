import axios from 'axios'

/**
 * For what an older axios itself does in another way, without us too: there the test is skipped. Say beside it what
 * that is, and list it in docs/compatibility.md.
 */
export function sinceAxios(version: string): { test: jest.It } {
  const isThere = axios.VERSION.localeCompare(version, 'en', { numeric: true }) >= 0
  return { test: isThere ? test : test.skip }
}
