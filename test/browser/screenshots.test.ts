import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { hosts, startWorld, type World } from '../support/world.js'
import { describeBrowser, expectQuiet, signOf } from './browser.js'

const folder = new URL('../../docs/images/', import.meta.url)
/** `npm run screenshots` sets it: the pictures of the documents are made anew. */
const isWriting = Boolean(process.env['SCREENSHOTS'])

const home = hosts.home
const address = '203.0.113.7'

let world: World
beforeAll(async () => {
  world = await startWorld({ env: { DYNDNS_URL: 'https://dyn.example.net' } })
  const headers = { 'user-agent': 'ddclient/3.10.0' }
  await world.register(home, '198.51.100.23', { headers })
  await world.register(home, address, { headers })
  await world.register(home, '2001:db8:1:2::7', { headers })
  for (let times = 0; times < 12; times++) await world.register(home, address, { headers })
})
afterAll(() => world?.close())

describeBrowser('the pictures of the documents', ({ open }) => {
  it.each([
    { name: 'host', path: '/host', width: 800, height: 860, colorScheme: 'light' },
    { name: 'host-phone-dark', path: '/host', width: 360, height: 720, colorScheme: 'dark' },
    { name: 'set-up', path: '/host/setup/fritzbox', width: 800, height: 640, colorScheme: 'light' },
    { name: 'first-page', path: '/', width: 800, height: 600, colorScheme: 'light' },
  ] as const)('$name', async ({ name, path, width, height, colorScheme }) => {
    const page = await open({ login: home, from: address, viewport: { width, height }, colorScheme })
    await page.goto(world.url + path)
    if (path === '/host') expect(await signOf(page)).toBe('Follows you')
    await save(page, name)
    expectQuiet(page)
  })
})

async function save(page: Page, name: string): Promise<void> {
  const png = await page.screenshot()
  expect(png.length).toBeLessThan(120_000)
  const file = new URL(`${name}.png`, folder)
  if (isWriting) {
    mkdirSync(folder, { recursive: true })
    writeFileSync(file, png)
  }
  expect(existsSync(file)).toBe(true)
}
