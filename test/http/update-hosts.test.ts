import { afterEach, describe, expect, it } from 'vitest'
import type { World, WorldOptions } from '../support/world.js'
import { addresses, callerV4, hold, holdAlias, startPublicWorld, update } from './nic.js'

/** One household of four names, and one host of somebody else. */
const household = ['home.example.com', 'nas.example.com', '*.home.example.com', 'xn--mnchen-3ya.example.com']
const csv = `${household.map((name) => `${name},family\n`).join('')}cabin.example.com,other\n`
const login = { user: 'home.example.com', token: 'family' }

let world: World
const start = async (options?: WorldOptions) => {
  world = await startPublicWorld({ csv, ...options })
}
afterEach(() => world.close())

/** What came of an update of this host, or these, to 8.8.8.8. */
async function updateHosts(hostname: string): Promise<string> {
  return update(world, `hostname=${hostname}&myip=8.8.8.8`, { login })
}

describe('the host', () => {
  it.each(['myip=8.8.8.8', 'hostname=&myip=8.8.8.8', 'hostname=,+,&myip=8.8.8.8', 'hostname&myip=8.8.8.8'])(
    'is the login’s own with %s',
    async (query) => {
      await start()
      expect(await update(world, query, { login })).toBe('200 good 8.8.8.8')
      expect(addresses(world)).toEqual(['home.example.com A 8.8.8.8'])
    },
  )

  it.each([
    'host=N',
    'Hostname=N',
    'HOSTNAME=N',
    'hostname[]=N',
    'hostname%5B0%5D=N',
    'domain=N',
    'fqdn=N',
    'hostnames=N',
    'hosts=N',
    'domains=N',
    'amp;hostname=N',
    '?hostname=N',
    'hostname=&host=N',
    'hostname=N&domain=home.example.com',
    'host=N&domain=home.example.com',
  ])('is the one that %s names, never another', async (query) => {
    await start()
    for (const [name, answer] of [
      ['nas.example.com', '200 good 8.8.8.8'],
      ['cabin.example.com', '500 nohost'],
      ['nas', '500 notfqdn'],
    ] as const) {
      expect(await update(world, `${query.replace('=N', `=${name}`)}&myip=8.8.8.8`, { login })).toBe(answer)
    }
    expect(addresses(world)).toEqual(['nas.example.com A 8.8.8.8'])
  })

  it('may be many, in the list that PHP writes', async () => {
    await start()
    const query = 'hostname[]=home.example.com&hostname[]=nas.example.com&myip=8.8.8.8'
    expect(await update(world, query, { login })).toBe('200 good 8.8.8.8\ngood 8.8.8.8')
  })

  it('that is no full name leaves a line, which does not show it: it may be a token', async () => {
    await start()
    expect(await updateHosts('s3cret')).toBe('500 notfqdn')
    expect(world.log).toContainEqual(
      expect.objectContaining({
        host: 'home.example.com',
        asked: '??????',
        msg: expect.stringContaining('no full'),
      }),
    )
    expect(world.printed()).not.toContain('s3cret')
  })

  it.each([
    ['home.example.com', 'home.example.com'],
    ['HOME.Example.COM', 'home.example.com'],
    ['home.example.com.', 'home.example.com'],
    ['+home.example.com%0D%0A', 'home.example.com'],
    ['home%2Eexample%2ecom', 'home.example.com'],
    ['m%C3%BCnchen.example.com', 'xn--mnchen-3ya.example.com'],
    ['M%C3%9CNCHEN.example.com.', 'xn--mnchen-3ya.example.com'],
    ['xn--mnchen-3ya.example.com', 'xn--mnchen-3ya.example.com'],
    ['nas.example.com', 'nas.example.com'],
  ])('may be written %s', async (hostname, name) => {
    await start()
    expect(await updateHosts(hostname)).toBe('200 good 8.8.8.8')
    expect(addresses(world)).toEqual([`${name} A 8.8.8.8`])
  })

  it.each([
    ['cabin.example.com', 'nohost'],
    ['unknown.example.com', 'nohost'],
    ['example.com', 'nohost'],
    ['__proto__.example.com', 'nohost'],
    ['home', 'notfqdn'],
    ['192.0.2.1', 'notfqdn'],
    ['a.*.example.com', 'notfqdn'],
    ['home..example.com', 'notfqdn'],
    ['http://home.example.com', 'notfqdn'],
    [`${'a'.repeat(300)}.example.com`, 'notfqdn'],
    ['<domain>', 'notfqdn'],
    ['cabin.example.com,unknown.example.com', 'nohost\nnohost'],
    ['cabin.example.com,home', 'nohost\nnotfqdn'],
  ])('%s is %s', async (hostname, word) => {
    await start()
    expect(await updateHosts(hostname)).toBe(`500 ${word}`)
    expect(world.route53.model.log.calls).toEqual([])
  })

  it('is not opened by its name alone: the other one’s token opens the other one’s hosts', async () => {
    await start()
    const other = { user: 'cabin.example.com', token: 'other' }
    expect(await update(world, 'hostname=home.example.com', { login: other })).toBe('500 nohost')
    expect(await update(world, 'hostname=my.dear.t0ken', { login: other })).toBe('500 nohost')
    const asked = world.log.flatMap((line) => ('asked' in line ? [line['asked']] : []))
    expect(asked).toEqual(['home.example.com', '?????????????'])
    expect(await update(world, 'hostname=cabin.example.com', { login: other })).toBe(`200 good ${callerV4}`)
  })
})

describe('a wildcard', () => {
  const wildcard = { user: '*.home.example.com', token: 'family' }
  it.each([
    ['its own login', 'myip=8.8.8.8', wildcard],
    ['a list', 'hostname=*.home.example.com&myip=8.8.8.8', login],
    ['percent-encoded', 'hostname=%2a.home.example.com&myip=8.8.8.8', login],
  ])('is a host: %s', async (_, query, as) => {
    await start()
    hold(world, '\\052.home.example.com', '1.1.1.1')
    expect(await update(world, query, { login: as })).toBe('200 good 8.8.8.8')
    expect(await update(world, query, { login: as })).toBe('200 nochg 8.8.8.8')
    expect(addresses(world)).toEqual(['\\052.home.example.com A 8.8.8.8'])
  })

  it('that Route 53 writes \\052 is known to hold the address, or to be not ours', async () => {
    await start({ env: { DYNDNS_RECHECK_SECONDS: '0' } })
    hold(world, '\\052.home.example.com', '8.8.8.8')
    expect(await updateHosts('*.home.example.com')).toBe('200 nochg 8.8.8.8')
    holdAlias(world, '*.home.example.com', 'A')
    expect(await updateHosts('*.home.example.com')).toBe('500 dnserr')
    expect(await updateHosts('x.home.example.com')).toBe('500 nohost')
  })
})
