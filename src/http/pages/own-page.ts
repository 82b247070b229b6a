import type { Request, RequestHandler } from 'express'
import type { Explain } from '../navigation.js'
import { sendText } from '../respond.js'
import type { Site } from './frame.js'

/**
 * Refuses a form that was not sent from our own pages (CSRF). Browsers say where it comes from over https
 * (`Sec-Fetch-Site`), and everywhere by `Origin`; what has neither is refused too.
 */
export function requireOwnPage(site: Site, explain: Explain): RequestHandler {
  return (req, res, next) => {
    if (isFromOwnPage(req, site)) return next()
    return sendText(res, explain.status({ status: 403, body: '' }))
  }
}

function isFromOwnPage(req: Request, { baseUrl }: Site): boolean {
  const { 'sec-fetch-site': site, origin, host } = req.headers
  if (site !== undefined) return site === 'same-origin'
  if (origin === undefined || !URL.canParse(origin)) return false
  const from = new URL(origin).host
  return from !== '' && (from === host?.toLowerCase() || from === baseUrl?.authority.toLowerCase())
}
