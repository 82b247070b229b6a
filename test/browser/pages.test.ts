import type { Page } from 'playwright-core'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { startPublicWorld } from '../http/nic.js'
import { hosts, type World } from '../support/world.js'
import { cancelPrompts, describeBrowser, expectQuiet, signOf, visitor } from './browser.js'
import { expectAccessible, expectFits, looks } from './looks.js'

let world: World
beforeEach(async () => {
  world = await startPublicWorld()
})
afterEach(() => world.close())

const home = hosts.home
const at = (path: string) => world.url + path
const button = (page: Page) => page.getByRole('button', { name: 'Register the address I have now' })

describeBrowser('the pages', ({ open }) => {
  it.each([true, false])(
    'take a person from the first page to a name that follows them (JavaScript: %s)',
    async (javaScriptEnabled) => {
      const page = await open({ login: home, javaScriptEnabled })
      await page.goto(at('/'))
      expect(await page.locator('.address').innerText()).toBe(visitor)
      await page.getByRole('link', { name: 'Sign in' }).click()
      expect(page.url()).toBe(at('/host'))
      expect(await signOf(page)).toBe('Not yet')
      await button(page).click()
      expect(page.url()).toBe(at('/host'))
      expect(await signOf(page)).toBe('Follows you')
      expect(world.held('home.example.com')).toEqual([visitor])
      expect(await page.locator('.log').first().innerText()).toContain(`Registered ${visitor}`)
      await page.reload()
      expect(await page.locator('.log').first().locator('li').count()).toBe(1)
      expectQuiet(page)
    },
  )

  it('see that somebody else changed the zone, and that the name servers lag behind', async () => {
    const page = await open({ login: home })
    await page.goto(at('/host'))
    await button(page).click()
    expect(await signOf(page)).toBe('Follows you')
    const zones = world.emulators.dnsZones
    world.emulators.dnsZones = () => []
    await page.getByRole('link', { name: 'Look again' }).click()
    expect(await signOf(page)).toBe('Not yet')
    expect(await page.locator('.state').innerText()).toContain('its name servers could not be asked')
    world.emulators.dnsZones = zones
    await page.reload()
    expect(await signOf(page)).toBe('Follows you')
    expectQuiet(page)
  })

  it('tell a person by the address bar what a machine is told in a word', async () => {
    const page = await open({ login: home })
    const response = await page.goto(at('/register_ip'))
    expect(response?.status()).toBe(200)
    expect(await page.locator('h1').innerText()).toBe(`home.example.com leads to ${visitor} now.`)
    expect(world.held('home.example.com')).toEqual([visitor])
    await page.reload()
    expect(await page.locator('h1').innerText()).toBe(`home.example.com leads to ${visitor} already.`)
    expectQuiet(page)
  })

  it.each(['/host', '/register_ip', '/host/setup/curl'])(
    'say so when the prompt is cancelled, or the token is wrong: %s',
    async (path) => {
      const cancelled = await open()
      await cancelPrompts(cancelled)
      const response = await cancelled.goto(at(path))
      expect(response?.status()).toBe(401)
      expect(await cancelled.locator('h1').innerText()).toContain('sign in with your host name and token')
      const guessing = await open({ login: { ...home, token: 'guessed' } })
      await guessing.goto(at(path))
      expect(await guessing.locator('h1').innerText()).toBe('The host name or the token is not right.')
      expect(world.held('home.example.com')).toEqual([])
      expectQuiet(guessing)
    },
  )

  it('say until when a person is locked out', async () => {
    await world.close()
    world = await startPublicWorld({ env: { DYNDNS_LOGIN_FAILURES: '1' } })
    const page = await open({ login: { ...home, token: 'guessed' } })
    await page.goto(at('/host'))
    const response = await page.goto(at('/host'))
    expect(response?.status()).toBe(503)
    expect(await signOf(page)).toBe('Locked out')
    const until = Date.parse((await page.locator('h1 time').getAttribute('datetime')) ?? '')
    expect(until).toBeGreaterThan(Date.now())
    expectQuiet(page)
  })

  it('put times into the zone of the viewer, and leave them readable without a script', async () => {
    await world.register(home, visitor)
    const time = async (javaScriptEnabled: boolean) => {
      const page = await open({ login: home, javaScriptEnabled })
      await page.goto(at('/host'))
      const tag = page.locator('.log time').first()
      return { shown: await tag.innerText(), iso: await tag.getAttribute('datetime') }
    }
    const plain = await time(false)
    expect(plain.shown).toBe(`${plain.iso?.slice(0, 10)} ${plain.iso?.slice(11, 16)} UTC`)
    const { shown, iso } = await time(true)
    const options = { timeZone: 'Europe/Berlin', dateStyle: 'medium', timeStyle: 'short' } as const
    expect(shown).toBe(new Date(iso ?? '').toLocaleString('en-GB', options))
  })

  it('can be used by the keyboard alone', async () => {
    const page = await open({ login: home })
    await page.goto(at('/host'))
    for (let steps = 0; steps < 20; steps++) {
      await page.keyboard.press('Tab')
      if (await page.evaluate('document.activeElement.type === "submit"')) break
    }
    await page.keyboard.press('Enter')
    await page.waitForFunction('document.querySelector(".sign")?.textContent.includes("Follows")')
    expect(world.held('home.example.com')).toEqual([visitor])
  })
})

describeBrowser('every page, on every screen', ({ open }) => {
  // Each looks at a dozen pages, and axe takes a second for one.
  const slow = { timeout: 120_000 }
  const paths = [
    '/',
    '/help',
    '/host',
    '/host/setup',
    '/host/setup/unifi',
    '/host/setup/ddclient',
    '/nowhere',
  ]

  it.each(looks)('fits and is accessible: $viewport.width px, $colorScheme', slow, async (look) => {
    await world.register(home, visitor, { headers: { 'user-agent': 'ddclient/3.10.0' } })
    await world.register(home, '2606:4700:4700:1111:2222:3333:4444:1111')
    await world.register({ ...home, token: 'guessed' }, visitor)
    const page = await open({ login: home, ...look })
    for (const path of [
      ...paths,
      '/register_ip',
      '/nic/update?hostname=home.example.com,elsewhere.example.com',
    ]) {
      await page.goto(at(path))
      await expectFits(page)
      await expectAccessible(page)
    }
    const stranger = await open(look)
    await cancelPrompts(stranger)
    for (const path of ['/host', '/register_ip']) {
      await stranger.goto(at(path))
      await expectFits(stranger)
      await expectAccessible(stranger)
    }
    expectQuiet(page)
    expectQuiet(stranger)
  })
})
