import type { RequestHandler } from 'express'
import { sendText } from './respond.js'
import { badAgent } from './return-codes.js'

/**
 * Refuses what another web site made a browser send: a browser that is logged in would point the host elsewhere for it.
 * Browsers mark such requests (Fetch Metadata, `Sec-Fetch-Site`); other clients send no such header.
 */
export const refuseCrossSite: RequestHandler = (req, res, next) => {
  const site = req.headers['sec-fetch-site']
  if (site !== 'cross-site' && site !== 'same-site') return next()
  const body =
    'Another web site sent your browser here. Nothing was changed. To register, open this address yourself.'
  return sendText(res, { status: 403, body })
}

/**
 * Refuses a request with several X-Forwarded-For lines. Heroku's router appends to the last one: where there are more,
 * somebody tries to pass for somebody else.
 */
export const refuseSplitForwardedFor: RequestHandler = (req, res, next) => {
  const lines = req.rawHeaders.filter(
    (name, index) => index % 2 === 0 && name.toLowerCase() === 'x-forwarded-for',
  )
  if (lines.length < 2) return next()
  return sendText(res, badAgent(400))
}
