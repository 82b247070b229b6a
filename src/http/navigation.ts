import type { Request, RequestHandler } from 'express'
import type { UpdateOutcome } from '../registrar/record.js'
import type { LoginRefusal } from './authenticate.js'
import type { TextAnswer } from './respond.js'
import type { HostResult } from './return-codes.js'

/** What became of one host of an update; without outcomes it was not tried. */
export interface HostUpdate {
  /** As it was typed, where it is not the login's own. */
  readonly host: string
  readonly result: HostResult
  readonly outcomes: readonly UpdateOutcome[]
}

/** Says the answers of the update paths to a person: the same status and headers, and a page for a body. */
export interface Explain {
  refused(refusal: LoginRefusal): TextAnswer
  updated(answer: TextAnswer, updates: readonly HostUpdate[]): TextAnswer
  /** What Express, or a guard before the handlers, turns away. */
  status(answer: TextAnswer): TextAnswer
}

/** `explain` for a person who opens the address in a browser, undefined for every machine. */
export function forPerson(req: Request, explain: Explain | undefined): Explain | undefined {
  return isNavigation(req) ? explain : undefined
}

/**
 * Whether a person opens this address in a browser (Fetch Metadata). No router, no other client and no page that fetches
 * or embeds it sends this; a browser sends it over https, and to its own machine.
 */
function isNavigation(req: Request): boolean {
  return req.headers['sec-fetch-dest'] === 'document'
}

/**
 * Lets a browser on to a page. For every other client there is nothing here: a page with a 200 would be a success to
 * those that look at the status alone, such as a FRITZ!Box whose URL lacks its path. No router is known to ask for
 * HTML, and every browser does, over plain http too.
 */
export const forBrowsers: RequestHandler = (req, _res, next) => {
  next(/\btext\/html\b/i.test(req.headers.accept ?? '') ? undefined : 'route')
}
