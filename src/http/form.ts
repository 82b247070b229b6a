import type { Request, RequestHandler, Response } from 'express'
import { maxBodyBytes, readBody } from './body.js'
import { hostParameterNames } from './parameters.js'
import { addressParameterNames } from './requested-addresses.js'
import { sendText } from './respond.js'
import { badAgent } from './return-codes.js'

/** What can be sent in a body: its text, or why it is not read. */
type Body = { readonly text: string } | { readonly refusal: string }

/**
 * Reads a form into `req.body`, as text. One that is too long, or compressed, is refused at once and its connection
 * ends; Express's own reader would first read it to its end, however long that takes.
 */
export const readForm: RequestHandler = (req, res, next) => {
  if (!isForm(req)) return next()
  readBodyInto(req, res, next, (text) => ({ text }))
}

/**
 * Reads any body into `req.body`, as the text of a form: a form, or an object of JSON. Another that has one of our
 * parameters in it is refused, since without it the request would mean something else; what is left is none of ours.
 */
export const readAnyBody: RequestHandler = (req, res, next) => {
  const isJson = Boolean(req.is(['json', '+json']))
  readBodyInto(req, res, next, (text) =>
    isForm(req) ? { text } : ((isJson ? formOfJson(text) : undefined) ?? formOfOther(text)),
  )
}

function isForm(req: Request): boolean {
  return Boolean(req.is('application/x-www-form-urlencoded'))
}

/** Reads a body to its end and lets the request pass with what `read` makes of it; answers `badagent` where it cannot. */
function readBodyInto(req: Request, res: Response, next: () => void, read: (text: string) => Body) {
  const refuse = (reason: string) => sendText(res, { ...badAgent(400), reason })
  const [, charset = 'utf-8'] = /;\s*charset="?([^\s";]+)/i.exec(req.headers['content-type'] ?? '') ?? []
  const decoder = decoderOf(charset)
  if (!decoder) return refuse('the charset of the body is unknown')
  readBody(req, {
    take(bytes) {
      const body = read(decoder.decode(bytes))
      if ('refusal' in body) return refuse(body.refusal)
      req.body = body.text
      next()
    },
    refuse: () => refuse(`the body is longer than ${maxBodyBytes} bytes, or compressed`),
  })
}

const ours = new RegExp(
  `(?<![\\w-])(${[...hostParameterNames, ...addressParameterNames, 'offline'].join('|')})(?![\\w-])`,
  'i',
)

function formOfOther(text: string): Body {
  if (!ours.test(text)) return { text: '' }
  return { refusal: 'the body has parameters in it and is neither a form nor an object of JSON with texts' }
}

/** The members of an object that are texts, or lists of texts; undefined where there is no object, or others are ours. */
function formOfJson(text: string): Body | undefined {
  const value = parseJson(text)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined
  const form = new URLSearchParams()
  for (const [name, member] of Object.entries(value)) {
    const items: unknown[] = Array.isArray(member) ? member : [member]
    if (items.every((item) => typeof item === 'string')) form.append(name, items.join())
    else if (member !== null && ours.test(JSON.stringify({ [name]: member }))) return undefined
  }
  return { text: form.toString() }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function decoderOf(charset: string) {
  try {
    return new TextDecoder(charset)
  } catch {
    return undefined
  }
}
