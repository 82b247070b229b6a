import type { RequestHandler } from 'express'
import { sendText } from './respond.js'

/**
 * Refuses cross-site request forgery (CSRF): what another web site made a browser send. A browser that is logged in
 * would point the host elsewhere for it. Browsers mark such requests (Fetch Metadata, `Sec-Fetch-Site`); other clients
 * send no such header.
 */
export const refuseCrossSite: RequestHandler = (req, res, next) => {
  const site = req.headers['sec-fetch-site']
  if (site !== 'cross-site' && site !== 'same-site') return next()
  const body =
    'Another web site sent your browser here. Nothing was changed. To register, open this address yourself.'
  return sendText(res, { status: 403, body })
}
