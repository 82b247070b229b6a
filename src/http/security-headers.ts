import { IncomingMessage, ServerResponse } from 'node:http'
import { Socket } from 'node:net'
import helmet, { type HelmetOptions } from 'helmet'

/**
 * Machines get no page with scripts, frames or images; pages have a policy of their own. No HSTS: old modems speak plain
 * HTTP to the same name.
 */
const helmetOptions: HelmetOptions = {
  contentSecurityPolicy: {
    useDefaults: false,
    directives: { defaultSrc: ["'none'"], frameAncestors: ["'none'"] },
  },
  strictTransportSecurity: false,
}

/** What Helmet gives every answer, by name: the same each time, so it is asked once. */
export const securityHeaders: Readonly<Record<string, string>> = askHelmet()

function askHelmet(): Record<string, string> {
  const headers: Record<string, string> = {}
  const res = new ServerResponse(new IncomingMessage(new Socket()))
  res.setHeader = (name, value) => {
    headers[name] = String(value)
    return res
  }
  helmet(helmetOptions)(res.req, res, () => {})
  return headers
}
