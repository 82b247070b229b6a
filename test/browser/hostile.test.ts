import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Page } from 'playwright-core'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startPublicWorld } from '../http/nic.js'
import { basic, hosts, type World } from '../support/world.js'
import { complaints, describeBrowser, expectQuiet, visitor } from './browser.js'

let world: World
let elsewhere: Server
/** The page of another site; what it does is asked for by its path. */
const attacks = new Map<string, string>()
beforeEach(async () => {
  world = await startPublicWorld()
  elsewhere = createServer((req, res) => {
    res.setHeader('Content-Type', 'text/html')
    res.end(`<!DOCTYPE html><title>elsewhere</title>${attacks.get(req.url ?? '') ?? ''}`)
  })
  await new Promise<void>((resolve) => elsewhere.listen(0, '127.0.0.1', resolve))
})
afterEach(async () => {
  elsewhere.closeAllConnections()
  elsewhere.close()
  await world.close()
})

const home = hosts.home
const elsewhereUrl = (path: string) => `http://evil.test:${(elsewhere.address() as AddressInfo).port}${path}`
const query = '?hostname=home.example.com&myip=6.6.6.6'
const writing = ['/register_ip', `/nic/update${query}`, '/host']

/** What a page elsewhere makes the browser send, and wait for; each to a path that writes. */
const ways: Readonly<Record<string, (url: string) => string>> = {
  'a form': (url) => `<form id="f" method="post" action="${url}"></form><script>f.submit()</script>`,
  'a form in another frame': (url) =>
    `<iframe name="t"></iframe><form id="f" method="post" action="${url}" target="t"></form><script>f.submit()</script>`,
  'an image': (url) => `<img src="${url}">`,
  'a fetch': (url) =>
    `<script>fetch('${url}', { method: 'POST', mode: 'no-cors', credentials: 'include' }).catch(() => {})
    fetch('${url}', { mode: 'no-cors', credentials: 'include' }).catch(() => {})</script>`,
}

describeBrowser('a page elsewhere', ({ open }) => {
  // By a name that is no secure origin, browsers send no Sec-Fetch-Site: there only what the button does is guarded.
  const targets = [
    ...writing.map((path) => ({ name: '127.0.0.1', path })),
    { name: 'dyn.test', path: '/host' },
  ]

  describe.each(Object.entries(ways))('%s', (_, attack) => {
    it.each(targets)('changes nothing at $name, $path', async ({ name, path }) => {
      const page = await open({ login: home })
      const target = `http://${name}:${world.service.port}`
      await signIn(page, target)
      const arrived = page.waitForRequest((request) => request.url() === target + path)
      attacks.set('/attack', attack(target + path))
      await page.goto(elsewhereUrl('/attack'))
      await arrived
      await page.waitForLoadState('networkidle')
      expect(world.held('home.example.com')).toEqual([])
    })
  })

  it('may lead a person here: the page of the host is shown, and nothing is changed', async () => {
    const page = await open({ login: home })
    await signIn(page, world.url)
    attacks.set('/link', `<a href="${world.url}/host">look</a>`)
    await page.goto(elsewhereUrl('/link'))
    await page.getByRole('link').click()
    expect(await page.locator('h1').innerText()).toBe('home.example.com')
    expect(world.held('home.example.com')).toEqual([])
  })

  it('says so to a person whom it sent to a path that writes', async () => {
    const page = await open({ login: home })
    await signIn(page, world.url)
    attacks.set('/link', `<a href="${world.url}/register_ip">win</a>`)
    await page.goto(elsewhereUrl('/link'))
    await page.getByRole('link').click()
    expect(await page.locator('h1').innerText()).toBe('Another web site sent your browser here.')
    expect(world.held('home.example.com')).toEqual([])
  })

  it('cannot frame a page', async () => {
    const page = await open({ login: home })
    await signIn(page, world.url)
    attacks.set('/frame', `<iframe src="${world.url}/host"></iframe>`)
    await page.goto(elsewhereUrl('/frame'), { waitUntil: 'networkidle' })
    expect(complaints(page).join()).toContain('frame-ancestors')
  })
})

/** Only a browser that is signed in is worth attacking. */
async function signIn(page: Page, target: string): Promise<void> {
  await page.goto(`${target}/host`)
  expect(await page.locator('h1').innerText()).toBe('home.example.com')
}

describeBrowser('markup that a client sends', ({ open }) => {
  const markup = `<script>document.title='run'</script><img src=x onerror="document.title='run'">"'><svg onload=alert(1)>`

  it('is shown as it is, and does not run', async () => {
    for (const token of [home.token, 'wrong']) {
      const headers = { 'user-agent': markup, authorization: basic({ ...home, token }) }
      await world.register(undefined, visitor, {
        headers,
        path: `/nic/update?x=${encodeURIComponent(markup)}`,
      })
    }
    const page = await open({ login: home })
    await page.goto(`${world.url}/host`, { waitUntil: 'networkidle' })
    expect(await page.locator('.log').first().innerText()).toContain(markup.slice(0, 100))
    expect(await page.title()).toBe('home.example.com · dyndns53')
    expect(await page.locator('main script, main img, main svg[onload]').count()).toBe(0)
    expectQuiet(page)
  })

  it('is shown as it is where it is named as a host', async () => {
    const page = await open({ login: home })
    await page.goto(`${world.url}/nic/update?hostname=${encodeURIComponent(markup)},home.example.com`)
    expect(await page.title()).toBe('Your hosts · dyndns53')
    expect(await page.locator('.states').innerText()).toContain(markup)
    expectQuiet(page)
  })
})
