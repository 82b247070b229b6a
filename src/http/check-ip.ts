import type { RequestHandler } from 'express'
import { clientAddress } from './client-address.js'
import { sendText } from './text.js'

/** Answers with the caller's address and nothing else; needs neither the database nor Route 53. */
export const checkIp: RequestHandler = (req, res) => {
  const address = clientAddress(req)
  if (address) sendText(res, { status: 200, body: address.text })
  else sendText(res, { status: 500, body: 'the proxy in front did not pass on an IP address' })
}
