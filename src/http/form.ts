import type { RequestHandler } from 'express'
import { readBody } from './body.js'
import { sendText } from './respond.js'
import { badAgent } from './return-codes.js'

/** Reads a form into `req.body`, as text. One that is not read (see `readBody`) is answered, and its connection ends. */
export const readForm: RequestHandler = (req, res, next) => {
  if (!req.is('application/x-www-form-urlencoded')) return next()
  const [, charset = 'utf-8'] = /;\s*charset="?([^\s";]+)/i.exec(req.headers['content-type'] ?? '') ?? []
  const decoder = decoderOf(charset)
  const refuse = () => sendText(res, badAgent(400))
  if (!decoder) return refuse()
  const take = (bytes: Buffer) => {
    req.body = decoder.decode(bytes)
    next()
  }
  readBody(req, { take, refuse })
}

function decoderOf(charset: string) {
  try {
    return new TextDecoder(charset)
  } catch {
    return undefined
  }
}
