import type { RequestHandler } from 'express'
import { sendText } from './respond.js'
import { badAgent } from './return-codes.js'

/** A larger form is refused. */
const maxFormBytes = 4096

/**
 * Reads a form into `req.body`, as text. One that is too large, or compressed, is refused at once and its connection
 * ends; Express's own reader would first read it to its end, however long that takes.
 */
export const readForm: RequestHandler = (req, res, next) => {
  if (!req.is('application/x-www-form-urlencoded')) return next()
  const { 'content-encoding': encoding, 'content-length': length = 0 } = req.headers
  const [, charset = 'utf-8'] = /;\s*charset="?([^\s";]+)/i.exec(req.headers['content-type'] ?? '') ?? []
  const decoder = decoderOf(charset)
  if (!decoder || isCompressed(encoding) || Number(length) > maxFormBytes) {
    return sendText(res, badAgent(400))
  }
  const chunks: Buffer[] = []
  let bytes = 0
  const take = (chunk: Buffer) => {
    chunks.push(chunk)
    bytes += chunk.length
    if (bytes <= maxFormBytes) return
    req.off('data', take).off('end', finish)
    sendText(res, badAgent(400))
  }
  const finish = () => {
    req.body = decoder.decode(Buffer.concat(chunks))
    next()
  }
  req.on('data', take).on('end', finish)
}

function isCompressed(encoding = ''): boolean {
  return !/^(identity)?$/i.test(encoding)
}

function decoderOf(charset: string) {
  try {
    return new TextDecoder(charset)
  } catch {
    return undefined
  }
}
