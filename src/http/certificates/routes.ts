import type { Express, RequestHandler } from 'express'
import { sendText } from '../respond.js'
import { acmeDnsHealth, acmeDnsRegister, acmeDnsUpdate } from './acme-dns.js'
import type { CertificateOptions } from './challenge.js'
import { httpreq } from './httpreq.js'
import { failure, readJsonText } from './json.js'

/** Adds the paths by which clients prove to a CA that a host is theirs, each also below `/acme`. */
export function addCertificateRoutes(
  app: Express,
  guards: RequestHandler[],
  options: CertificateOptions,
): void {
  const post = (name: string, ...handlers: RequestHandler[]) => {
    for (const path of pathsOf(name)) {
      app
        .route(path)
        .post(guards, handlers)
        .all((_req, res) => sendText(res, methodNotAllowed('POST')))
    }
  }
  post('present', readJsonText, httpreq(options, 'present'))
  post('cleanup', readJsonText, httpreq(options, 'cleanUp'))
  post('update', readJsonText, acmeDnsUpdate(options))
  post('register', acmeDnsRegister)
  for (const path of pathsOf('health')) {
    app
      .route(path)
      .get(acmeDnsHealth)
      .all((_req, res) => sendText(res, methodNotAllowed('GET, HEAD')))
  }
}

/** Paths are texts: New Relic names transactions after them. */
function pathsOf(name: string): string[] {
  return [`/${name}`, `/acme/${name}`]
}

function methodNotAllowed(allow: string) {
  return failure(405, 'method not allowed', { Allow: allow })
}
