import type { RequestHandler } from 'express'
import { readBody } from '../body.js'
import { sendText, type TextAnswer } from '../respond.js'

/** An answer in JSON. */
export function json(status: number, body: object, headers: TextAnswer['headers'] = {}): TextAnswer {
  return {
    status,
    body: JSON.stringify(body),
    headers: { 'Content-Type': 'application/json; charset=utf-8', ...headers },
  }
}

/**
 * A failure, in a sentence or a client's own word, which the log has too. It never has the value of a challenge: acme.sh takes
 * that for success.
 */
export function failure(status: number, error: string, headers?: TextAnswer['headers']): TextAnswer {
  return { ...json(status, { error }, headers), reason: error }
}

/** Reads a body into `req.body` as text, whatever its Content-Type says: curl's `-d` calls everything a form. */
export const readJsonText: RequestHandler = (req, res, next) => {
  readBody(req, {
    take(bytes) {
      req.body = bytes.toString()
      next()
    },
    refuse: () => sendText(res, failure(400, 'send at most 4096 bytes of JSON, not compressed')),
  })
}

/** The fields of a JSON object that are strings; none where the text is no such thing. */
export function readFields(text: unknown): ReadonlyMap<string, string> {
  const fields = new Map<string, string>()
  try {
    const parsed: unknown = JSON.parse(String(text))
    if (typeof parsed !== 'object' || parsed === null) return fields
    for (const [name, value] of Object.entries(parsed)) if (typeof value === 'string') fields.set(name, value)
  } catch {
    // What is no JSON has no fields.
  }
  return fields
}

/** The value of a DNS-01 challenge: SHA-256 in base64url without padding (RFC 8555, 8.4). */
export function isChallengeValue(text: string): boolean {
  return /^[\w-]{43}$/.test(text)
}
