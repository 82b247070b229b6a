import type { Page } from 'playwright-core'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { routerTypes } from '../../src/setups/router-types.js'
import { startPublicWorld } from '../http/nic.js'
import { hosts, type World } from '../support/world.js'
import { describeBrowser, expectQuiet, visitor } from './browser.js'

let world: World
beforeEach(async () => {
  world = await startPublicWorld()
})
afterEach(() => world.close())

const home = hosts.home
const clipboard = (page: Page) => page.evaluate('navigator.clipboard.readText()')

describeBrowser('the set-up pages', ({ open }) => {
  it.each([
    ['FRITZ!Box', 'Update URL', '/nic/update?hostname=<domain>&myip=<ipaddr>&myipv6=<ip6addr>'],
    ['pfSense', 'Password', home.token],
    ['ddclient 3.9 to 4.x', 'ddclient.conf', `login=${home.user}\npassword='${home.token}'`],
  ])('%s: %s is there to be copied', async (client, label, text) => {
    const page = await open({ login: home, permissions: ['clipboard-read', 'clipboard-write'] })
    await page.goto(`${world.url}/host/setup`)
    await page.getByRole('link', { name: client, exact: true }).click()
    const value = await page.getByLabel(label, { exact: true }).inputValue()
    expect(value).toContain(text)
    await page.getByRole('button', { name: `Copy ${label}`, exact: true }).click()
    await page.getByText('Copied').first().waitFor()
    expect(await clipboard(page)).toBe(value)
    expectQuiet(page)
  })

  it('copies over plain http too, where a page may not write to the clipboard by itself', async () => {
    const page = await open({ login: home })
    await page.goto(`http://dyn.test:${world.service.port}/host/setup/pfsense`)
    expect(await page.evaluate('navigator.clipboard')).toBeUndefined()
    await page.getByRole('button', { name: 'Copy Password' }).click()
    await page.getByText('Copied').first().waitFor()
    expect(await page.evaluate('getSelection().toString()')).toBe(home.token)
  })

  it('shows no button that does nothing where scripts are off, and lets the field be selected', async () => {
    const page = await open({ login: home, javaScriptEnabled: false })
    await page.goto(`${world.url}/host/setup/pfsense`)
    expect(await page.getByRole('button').count()).toBe(0)
    expect(await page.getByLabel('Password', { exact: true }).inputValue()).toBe(home.token)
    expect(await page.getByLabel('Password', { exact: true }).isEditable()).toBe(false)
  })

  it('shows every value whole on a phone', async () => {
    const page = await open({ login: home, viewport: { width: 320, height: 700 } })
    await page.goto(`${world.url}/host/setup/fritzbox`)
    const hidden = await page.evaluate(
      `[...document.querySelectorAll('.field textarea')].filter((field) =>
        field.scrollWidth > field.clientWidth || field.scrollHeight > field.clientHeight).map(({ id }) => id)`,
    )
    expect(hidden).toEqual([])
  })

  it('has every type at an address of its own, without host and token in it', async () => {
    const page = await open({ login: home })
    for (const { type, client } of routerTypes) {
      const path = `/host/setup/${type}`
      await page.goto(world.url + path)
      expect(await page.locator('h1').innerText()).toBe(client)
      const values = await page
        .locator('.field textarea')
        .evaluateAll((fields) =>
          fields.map((field) => (field as unknown as { value: string }).value).join('\n'),
        )
      expect(values).toContain(home.token)
      expect(values).toContain(new URL(world.url).host)
      expect(page.url()).not.toMatch(new RegExp(`${home.token}|${home.user}`))
    }
    expectQuiet(page)
  })
})

describeBrowser('below a path, by plain http', ({ open }) => {
  it('follows every link, and registers', async () => {
    const { port } = world.service
    await world.close()
    const { createServer, request } = await import('node:http')
    // A proxy that takes the prefix off.
    const proxy = createServer((req, res) => {
      const options = {
        port: inner,
        path: (req.url ?? '').replace(/^\/dyn/, ''),
        method: req.method,
        headers: req.headers,
      }
      req.pipe(
        request(options, (answer) => answer.pipe(res.writeHead(answer.statusCode ?? 500, answer.headers))),
      )
    })
    let inner = port
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve))
    const address = proxy.address()
    const outer = typeof address === 'object' ? address?.port : undefined
    try {
      world = await startPublicWorld({ env: { DYNDNS_URL: `http://dyn.test:${outer}/dyn` } })
      inner = world.service.port
      const page = await open({ login: home })
      await page.goto(`http://dyn.test:${outer}/dyn/`)
      await page.getByRole('link', { name: 'Sign in' }).click()
      await page.getByRole('button', { name: 'Register' }).click()
      expect(page.url()).toBe(`http://dyn.test:${outer}/dyn/host`)
      expect(world.held('home.example.com')).toEqual([visitor])
      await page.getByRole('link', { name: 'Set up your router' }).click()
      await page.getByRole('link', { name: 'FRITZ!Box', exact: true }).click()
      expect(await page.getByLabel('Update URL', { exact: true }).inputValue()).toContain(
        `http://dyn.test:${outer}/dyn/nic/update?`,
      )
      await page.goto(`http://dyn.test:${outer}/dyn/host/setup/ddwrt`)
      expect(await page.locator('main').innerText()).toContain('this service lies below /dyn')
    } finally {
      proxy.closeAllConnections()
      proxy.close()
    }
  })
})
