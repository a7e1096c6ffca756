import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { text } from 'node:stream/consumers'

/** @typedef {ReturnType<typeof httpClient>} HttpClient */

/**
 * Node's own client rather than `fetch`, which cannot be told of a certificate.
 *
 * @param {{ ca?: string | undefined }} options
 */
export function httpClient({ ca }) {
  /**
   * Follows no redirect, and takes any status.
   *
   * @param {string} url
   * @param {{ body?: URLSearchParams | undefined, headers?: Record<string, string> }} [options] with a body it is a POST
   * @returns {Promise<{ status: number, headers: import('node:http').IncomingHttpHeaders, body: string }>}
   */
  return async (url, { body, headers = {} } = {}) => {
    const request = url.startsWith('https:') ? requestHttps : requestHttp
    const form = body && { 'content-type': 'application/x-www-form-urlencoded' }
    const options = { method: body ? 'POST' : 'GET', headers: { ...form, ...headers }, agent: false, ca }
    const response = await /** @type {Promise<import('node:http').IncomingMessage>} */ (
      new Promise((resolve, reject) => {
        request(url, options, resolve).once('error', reject).end(body?.toString())
      })
    )
    return { status: response.statusCode ?? 0, headers: response.headers, body: await text(response) }
  }
}
