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
  const post = (name: string, ...handlers: RequestHandler[]) =>
    app
      .route(pathOf(name))
      .post(guards, handlers)
      .all((_req, res) => sendText(res, methodNotAllowed('POST')))
  post('present', readJsonText, httpreq(options, 'present'))
  post('cleanup', readJsonText, httpreq(options, 'cleanUp'))
  post('update', readJsonText, acmeDnsUpdate(options))
  post('register', acmeDnsRegister)
  app
    .route(pathOf('health'))
    .get(acmeDnsHealth)
    .all((_req, res) => sendText(res, methodNotAllowed('GET, HEAD')))
}

/** acme.sh puts a slash of its own behind a URL that ends with one. */
function pathOf(name: string): RegExp {
  return new RegExp(`^/+(acme/+)?${name}/?$`, 'i')
}

function methodNotAllowed(allow: string) {
  return failure(405, 'method not allowed', { Allow: allow })
}
