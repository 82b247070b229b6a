import type { Express, Request, RequestHandler, Response } from 'express'
import { type BaseUrl, parseServiceUrl } from '../../net/service-url.js'
import { callerOf } from '../client-address.js'
import { type Explain, forBrowsers } from '../navigation.js'
import { type LoginManner, requireLogin } from '../require-login.js'
import { sendHead, sendText, type TextAnswer } from '../respond.js'
import { addReading, refuseOther } from '../routes.js'
import { sentBasicLogin } from '../sent-login.js'
import { registerCaller, type UpdateOptions } from '../update.js'
import type { Asset } from './assets.js'
import { linkTo, type Site } from './frame.js'
import { helpPage } from './help-page.js'
import { homePage } from './home-page.js'
import { hostJson, json } from './host-json.js'
import { hostPage } from './host-page.js'
import type { ReadStatus } from './host-status.js'
import { requireOwnPage } from './own-page.js'
import { type Purpose, setupIndexPage, setupPage, setupPaths } from './setup-page.js'

/** What the pages work with. */
export interface PagesOptions {
  readonly site: Site
  readonly explain: Explain
  readonly readStatus: ReadStatus
  /** How the button registers, and who may sign in. */
  readonly update: UpdateOptions
  /** Whether hosts may have certificates. */
  readonly certificates: boolean
  /** What stands before a handler that writes, beside the check that our own page asks. */
  readonly guards: readonly RequestHandler[]
}

/** Adds the pages for people, and the files and the JSON that belong to them. */
export function addPages(app: Express, options: PagesOptions): void {
  const { site, explain, readStatus, update, guards, certificates } = options
  const { history } = update
  const signedIn = (
    handle: Parameters<typeof requireLogin>[1],
    refuse: LoginManner['refuse'] = explain.refused,
  ) => requireLogin(update, handle, { loginOf: sentBasicLogin, refuse })

  addPage(app, '/', (req, res) => sendText(res, homePage(site, callerOf(req).address)))
  addPage(app, '/help', (_req, res) => sendText(res, helpPage(site)))
  const { style, script, icon } = site.assets
  for (const asset of [style, script, icon]) addReading(app, asset.path, (_req, res) => sendAsset(res, asset))

  const seeHost = signedIn(async (req, { credentials }) =>
    hostPage(site, await readStatus(req, credentials.hostname), history.since),
  )
  const register = signedIn(async (req, login) => {
    await registerCaller(update, req, login)
    // The page tells what came of it; loading that again registers nothing.
    return { status: 303, body: '', headers: { Location: linkTo(site, '/host') } }
  })
  app
    .route('/host')
    .all(forBrowsers)
    .get(seeHost)
    .post([requireOwnPage(site, explain), ...guards], register)
    .all(refuseOther('GET, HEAD, POST'))
  addReading(
    app,
    '/host.json',
    signedIn(
      async (req, { credentials }) => hostJson(await readStatus(req, credentials.hostname), history.since),
      ({ refusal, answer }) => json(answer.status, { error: refusal }, answer.headers),
    ),
  )
  addPage(
    app,
    '/host/setup',
    signedIn(async (req) => setupIndexPage(site, serviceOf(site, req), certificates)),
  )
  const purposes: readonly Purpose[] = certificates ? ['update', 'certificate'] : ['update']
  for (const purpose of purposes) {
    const seeSetup = signedIn(async (req, { credentials }): Promise<TextAnswer> => {
      const page = setupPage(site, serviceOf(site, req), purpose, String(req.params['type']), credentials)
      return page ?? explain.status({ status: 404, body: '' })
    })
    addPage(app, `${setupPaths[purpose]}/:type`, seeSetup)
  }
}

function addPage(app: Express, path: string, handler: RequestHandler): void {
  app.route(path).all(forBrowsers).get(handler).all(refuseOther('GET, HEAD'))
}

/** Where the service is reached: as the owner says, or else as the browser has reached it. */
function serviceOf({ baseUrl }: Site, req: Request): BaseUrl | undefined {
  if (baseUrl) return baseUrl
  const service = parseServiceUrl(`${req.protocol}://${req.headers.host ?? ''}`)
  return service && { ...service, path: '' }
}

function sendAsset(res: Response, { type, bytes }: Asset): void {
  sendHead(res, 200, {
    'Content-Type': type,
    'Content-Length': bytes.length,
    'Cache-Control': 'public, max-age=31536000, immutable',
  })
  res.end(bytes)
}
