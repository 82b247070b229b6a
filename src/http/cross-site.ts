import type { RequestHandler } from 'express'
import { type Explain, forPerson } from './navigation.js'
import { sendText } from './respond.js'

/**
 * Refuses cross-site request forgery (CSRF): what another web site made a browser send. A browser that is logged in
 * would point the host elsewhere for it. Browsers mark such requests (Fetch Metadata, `Sec-Fetch-Site`); other clients
 * send no such header.
 */
export function refuseCrossSite(explain: Explain | undefined): RequestHandler {
  return (req, res, next) => {
    const site = req.headers['sec-fetch-site']
    if (site !== 'cross-site' && site !== 'same-site') return next()
    return sendText(res, forPerson(req, explain)?.status(crossSite) ?? crossSite)
  }
}

const crossSite = {
  status: 403,
  body: 'Another web site sent your browser here. Nothing was changed. To register, open this address yourself.',
}
