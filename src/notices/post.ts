import type { SecretRequest } from './forms/request.js'

/** What became of a request. `words` and `reason` hold none of its secrets. */
export type PostResult =
  | { readonly kind: 'sent'; readonly status: number; readonly words: string }
  | {
      readonly kind: 'failed'
      readonly reason: string
      /** Whether to try it again would not help. */
      readonly isFinal: boolean
      /** How long the other side asks to wait; undefined where it does not. */
      readonly retryAfterMs: number | undefined
    }

/** Makes one request; never throws. It ends early, as failed, when `signal` aborts. */
export type Post = (request: SecretRequest, signal: AbortSignal) => Promise<PostResult>

/** A request is given up after this time. */
export const noticeTimeoutMs = 10_000
/** At most about this much of an answer is read. */
const maxAnswerBytes = 4096
/** At most this much of it is repeated. */
const maxWords = 200

/** Requests that are given up after `timeoutMs`, answer included, and that follow no redirect. */
export function createPost(timeoutMs: number): Post {
  return async ({ url, method, headers, body, secrets }, signal) => {
    const timeout = AbortSignal.timeout(timeoutMs)
    try {
      const response = await fetch(url, {
        method,
        headers: { ...headers, 'user-agent': 'dyndns53' },
        body: body ?? null,
        // Where it leads to is not what the owner has typed.
        redirect: 'manual',
        signal: AbortSignal.any([timeout, signal]),
      })
      return resultOf(response, await readStart(response), secrets)
    } catch (error) {
      const reason = timeout.aborted ? `no answer within ${timeoutMs / 1000} s` : describeError(error)
      return { kind: 'failed', reason, isFinal: false, retryAfterMs: undefined }
    }
  }
}

function resultOf(response: Response, text: string, secrets: readonly string[]): PostResult {
  const { status } = response
  const line = text.replace(/[\s\p{C}]+/gu, ' ').trim()
  const words = secrets.some((secret) => line.includes(secret)) ? '' : line.slice(0, maxWords)
  if (response.ok) return { kind: 'sent', status, words }
  const isRedirect = status >= 300 && status < 400
  const isRefusal = status >= 400 && status < 500 && status !== 429 && status !== 408
  const why = isRedirect ? 'a redirect, which is not followed' : words
  return {
    kind: 'failed',
    reason: `status ${status}${why ? `: ${why}` : ''}`,
    isFinal: isRedirect || isRefusal,
    retryAfterMs: retryAfterMs(response.headers.get('retry-after'), text),
  }
}

/** Beyond the start, nothing is waited for. */
async function readStart(response: Response): Promise<string> {
  let text = ''
  const decoder = new TextDecoder()
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true })
    if (text.length > maxAnswerBytes) break
  }
  return text
}

/** By the header (RFC 9110, 10.2.3), or by Telegram's and Discord's JSON. */
function retryAfterMs(header: string | null, text: string): number | undefined {
  const seconds = Number(header ?? Number.NaN)
  if (header && seconds >= 0) return seconds * 1000
  const date = Date.parse(header ?? '')
  if (!Number.isNaN(date)) return Math.max(0, date - Date.now())
  const [, inBody] = /"retry_after"\s*:\s*(\d+(?:\.\d+)?)/.exec(text) ?? []
  return inBody === undefined ? undefined : Number(inBody) * 1000
}

/** The code of what is the matter with the connection, such as ECONNREFUSED; the message may have the URL in it. */
function describeError(error: unknown): string {
  for (let cause = error; cause instanceof Error; cause = cause.cause) {
    if ('code' in cause && typeof cause.code === 'string') return cause.code
  }
  return 'the connection failed'
}
