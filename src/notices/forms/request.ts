/** An HTTP request that brings a notice. */
export interface NoticeRequest {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** Undefined for a GET. */
  readonly body: string | undefined
}

/** A request, and the parts of its target's URL that nobody else may see. */
export interface SecretRequest extends NoticeRequest {
  readonly secrets: readonly string[]
}

/** A POST of this object as JSON. */
export function postJson(url: URL, body: object): NoticeRequest {
  return {
    method: 'POST',
    url: url.href,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  }
}

/**
 * Lines as a block of code, in which Slack, Mattermost and Discord all leave text as it is: `2001:100::` has no emoji in it,
 * and `*.example.com` no bold type.
 */
export function asCode(text: string): string {
  return `\`\`\`\n${text.replaceAll('`', '’')}\n\`\`\``
}

/** The characters that `asCode` adds. */
export const codeFrame = asCode('').length
