import type { RequestHandler } from 'express'
import { callerOf } from './client-address.js'
import { sendText } from './respond.js'

const noAddress = { status: 500, body: 'the proxy in front did not pass on an IP address' }

/** Answers with the caller's address and nothing else; needs neither the database nor Route 53. */
export const checkIp: RequestHandler = (req, res, next) => {
  if (/[?&]format=dyn(&|$)/.test(req.originalUrl)) return checkIpAsDyn(req, res, next)
  const { address } = callerOf(req)
  return sendText(res, address ? { status: 200, body: address.text } : noAddress)
}

/** Answers in the sentence of checkip.dyndns.org, which routers cut the address out of. */
export const checkIpAsDyn: RequestHandler = (req, res) => {
  const { address } = callerOf(req)
  if (!address) return sendText(res, noAddress)
  const body = `<html><head><title>Current IP Check</title></head><body>Current IP Address: ${address.text}</body></html>\r\n`
  return sendText(res, { status: 200, body, headers: { 'Content-Type': 'text/html; charset=utf-8' } })
}
