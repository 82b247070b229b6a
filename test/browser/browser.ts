import {
  type Browser,
  type BrowserContext,
  type BrowserContextOptions,
  chromium,
  type Page,
} from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { findProgram } from '../clients/program.js'
import type { Login } from '../support/world.js'

const executablePath = findProgram('chromium')

/** The address that a visitor comes from, as the proxy in front of the service tells it. */
export const visitor = '9.9.9.9'

/** How a visitor differs from one with JavaScript, on a desktop, by day, who is not asked for a login. */
export interface Visit extends BrowserContextOptions {
  readonly login?: Login
  readonly from?: string
}

/** A browser at work. */
export interface Visitors {
  /** Opens a window that shares nothing with others; all that it complains of is found by `complaints`. */
  open(visit?: Visit): Promise<Page>
}

/** What each window complained of so far: errors of the console and of scripts, and requests to other origins. */
const complaintsOf = new WeakMap<Page, string[]>()

/** What a window has complained of since it was opened. */
export function complaints(page: Page): readonly string[] {
  return complaintsOf.get(page) ?? []
}

/**
 * Tests in Debian's chromium. Where it is missing they are skipped, or fail if CLIENTS_REQUIRED is set. Names that end in
 * `.test` are this machine's.
 */
export function describeBrowser(name: string, tests: (visitors: Visitors) => void): void {
  if (executablePath === undefined && process.env['CLIENTS_REQUIRED']) {
    it('chromium is installed', () => {
      throw new Error('chromium is not installed, and CLIENTS_REQUIRED is set: see .ci/run')
    })
  }
  describe.skipIf(executablePath === undefined)(`${name}${executablePath ? '' : ' (no chromium)'}`, () => {
    let browser: Browser
    beforeAll(async () => {
      const args = ['--no-sandbox', '--host-resolver-rules=MAP *.test 127.0.0.1']
      browser = await chromium.launch({ executablePath: executablePath ?? '', args })
    })
    afterAll(() => browser?.close())
    tests({ open: (visit = {}) => openWindow(browser, visit) })
  })
}

async function openWindow(browser: Browser, { login, from = visitor, ...options }: Visit): Promise<Page> {
  const context: BrowserContext = await browser.newContext({
    locale: 'en-GB',
    timezoneId: 'Europe/Berlin',
    ...(login && { httpCredentials: { username: login.user, password: login.token } }),
    extraHTTPHeaders: { 'X-Forwarded-For': from },
    ...options,
  })
  const page = await context.newPage()
  const found: string[] = []
  complaintsOf.set(page, found)
  page.on('console', (message) => {
    // Chromium says so of each page whose status is one of failure.
    const isStatus = /^Failed to load resource: the server responded with a status of/.test(message.text())
    if (['error', 'warning'].includes(message.type()) && !isStatus) found.push(message.text())
  })
  page.on('pageerror', (error) => found.push(String(error)))
  page.on('request', (request) => {
    const page0 = page.url()
    const isElsewhere = !page0.startsWith('about:') && !request.isNavigationRequest()
    if (isElsewhere && new URL(request.url()).origin !== new URL(page0).origin) found.push(request.url())
  })
  return page
}

/** Cancels every prompt for a login, as a person may. */
export async function cancelPrompts(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page)
  session.on('Fetch.authRequired', ({ requestId }) => {
    const authChallengeResponse = { response: 'CancelAuth' as const }
    void session.send('Fetch.continueWithAuth', { requestId, authChallengeResponse })
  })
  session.on('Fetch.requestPaused', ({ requestId }) => {
    void session.send('Fetch.continueRequest', { requestId })
  })
  await session.send('Fetch.enable', { handleAuthRequests: true })
}

/** The sign of state of a page, such as `Follows you`. */
export async function signOf(page: Page): Promise<string> {
  return (await page.locator('.sign').first().innerText()).trim()
}

/** Checks that a window had nothing to complain of. */
export function expectQuiet(page: Page): void {
  expect(complaints(page)).toEqual([])
}
