import { afterEach, describe, expect, it } from 'vitest'
import { hosts, type World, type WorldOptions } from '../support/world.js'
import {
  addresses,
  callerV4,
  callerV6,
  hold,
  holdAlias,
  publicV4,
  publicV6,
  startPublicWorld,
  update,
} from './nic.js'

let world: World
const start = async (options?: WorldOptions) => {
  world = await startPublicWorld(options)
}
afterEach(() => world.close())

const home = 'home.example.com'

describe('only the families that are named are touched', () => {
  it.each([
    [`myip=${publicV4}`, callerV6, `good ${publicV4}`, [`A ${publicV4}`, 'AAAA 2600::1']],
    [`myipv6=${publicV6}`, callerV4, `good ${publicV6}`, ['A 1.1.1.1', `AAAA ${publicV6}`]],
    [`myip=${publicV6}`, callerV4, `good ${publicV6}`, ['A 1.1.1.1', `AAAA ${publicV6}`]],
    [`myip=&ip6=${publicV6}`, callerV4, `good ${publicV6}`, ['A 1.1.1.1', `AAAA ${publicV6}`]],
    [`ip=${publicV4}&ipv6=junk`, callerV6, `good ${publicV4}`, [`A ${publicV4}`, 'AAAA 2600::1']],
    [
      `myip=${publicV6},${publicV4}`,
      callerV4,
      `good ${publicV4},${publicV6}`,
      [`A ${publicV4}`, `AAAA ${publicV6}`],
    ],
    ['', callerV4, `good ${callerV4}`, [`A ${callerV4}`, 'AAAA 2600::1']],
    ['', callerV6, `good ${callerV6}`, ['A 1.1.1.1', `AAAA ${callerV6}`]],
    ['myip=auto', callerV6, `good ${callerV6}`, ['A 1.1.1.1', `AAAA ${callerV6}`]],
    ['myip=192.168.1.5', callerV4, `good ${callerV4}`, [`A ${callerV4}`, 'AAAA 2600::1']],
    ['myipv6=fd00::5', callerV6, `good ${callerV6}`, ['A 1.1.1.1', `AAAA ${callerV6}`]],
    ['myip=192.168.1.5', callerV6, 'dnserr', ['A 1.1.1.1', 'AAAA 2600::1']],
    ['myipv6=fd00::5', callerV4, 'dnserr', ['A 1.1.1.1', 'AAAA 2600::1']],
    [`myip=192.168.1.5,${publicV6}`, callerV6, `good ${publicV6}`, ['A 1.1.1.1', `AAAA ${publicV6}`]],
  ])('%s from %s: %s', async (query, from, body, held) => {
    await start()
    hold(world, home, '1.1.1.1')
    hold(world, home, '2600::1')
    expect(await update(world, query, { from })).toBe(`${body === 'dnserr' ? 500 : 200} ${body}`)
    expect(addresses(world)).toEqual(held.map((record) => `${home} ${record}`))
  })

  // As they were reported.
  it.each([
    [
      'ip4=9.9.0.3&ip6=2606:4700:7:7::5',
      callerV4,
      'good 9.9.0.3,2606:4700:7:7::5',
      ['A 9.9.0.3', 'AAAA 2606:4700:7:7::5'],
    ],
    ['ipv4=9.0.2.1', callerV6, 'good 9.0.2.1', ['A 9.0.2.1', 'AAAA 2600::1']],
    ['myip=preserve', callerV4, 'dnserr', ['A 1.1.1.1', 'AAAA 2600::1']],
    ['ip6=[2606:4700:7:7::77]', callerV4, 'good 2606:4700:7:7::77', ['A 1.1.1.1', 'AAAA 2606:4700:7:7::77']],
    ['ip6=<ip6addr>', callerV4, 'dnserr', ['A 1.1.1.1', 'AAAA 2600::1']],
    ['ip6=fe80::1%25eth0', callerV4, 'dnserr', ['A 1.1.1.1', 'AAAA 2600::1']],
    ['ip6=2606:4700:7:7::/64x', callerV4, 'dnserr', ['A 1.1.1.1', 'AAAA 2600::1']],
    [
      'ip6lanprefix=2606:4700:7:7::/64',
      callerV4,
      'good 2606:4700:7:7::1',
      ['A 1.1.1.1', 'AAAA 2606:4700:7:7::1'],
    ],
    ['myipv6=2606:4700:7:7::', callerV4, 'good 2606:4700:7:7::1', ['A 1.1.1.1', 'AAAA 2606:4700:7:7::1']],
    [
      'myip=9.5.5.7+2606:4700:5::4',
      callerV4,
      'good 9.5.5.7,2606:4700:5::4',
      ['A 9.5.5.7', 'AAAA 2606:4700:5::4'],
    ],
    ['a=1&amp;myip=9.5.5.19', callerV4, 'good 9.5.5.19', ['A 9.5.5.19', 'AAAA 2600::1']],
    ['myip=9.9.9.2nas.example.com', callerV4, 'dnserr', ['A 1.1.1.1', 'AAAA 2600::1']],
  ])('%s from %s is what was asked for: %s', async (query, from, body, held) => {
    await start()
    hold(world, home, '1.1.1.1')
    hold(world, home, '2600::1')
    expect(await update(world, query, { from })).toBe(`${body === 'dnserr' ? 500 : 200} ${body}`)
    expect(addresses(world)).toEqual(held.map((record) => `${home} ${record}`))
  })

  it('and the log says what was left out, for which host, and never its value: it may be a token', async () => {
    await start()
    const token = hosts.home.token
    expect(await update(world, `myip=${publicV4},${token}&ip6=${token}`)).toBe(`200 good ${publicV4}`)
    expect(await update(world, `ip6=x${token}`)).toBe('500 dnserr')
    expect(await update(world, `ip6=::1${token}z`)).toBe('500 dnserr')
    const unused = world.log.filter(({ msg }) => msg === 'address not used')
    expect(unused).toMatchObject([
      { host: home, parameter: 'myip', reason: 'it holds no address' },
      { host: home, parameter: 'ip6', reason: 'it holds no address' },
      { host: home, parameter: 'ip6', reason: 'it holds no address' },
    ])
    const reasons = world.log.filter(({ outcome }) => outcome === 'refused').map(({ reason }) => reason)
    expect(reasons).toEqual([
      expect.stringMatching(/^no usable address in ip6, /),
      expect.stringMatching(/^ip6 begins as an address /),
    ])
    expect(world.printed()).not.toContain(token)
  })

  it('and an alias of the other family is not looked at', async () => {
    await start()
    holdAlias(world, home, 'AAAA')
    expect(await update(world, `myip=${publicV4}`)).toBe(`200 good ${publicV4}`)
  })
})

describe('a prefix moves the AAAA record that is there', () => {
  it.each([
    ['2606:4700:1:2::/64', '2606:4700:1:2:211:32ff:fe12:3456'],
    ['2606:4700:1:200::/56', '2606:4700:1:2ff:211:32ff:fe12:3456'],
    ['2606:4700:1::/48', '2606:4700:1:50ff:211:32ff:fe12:3456'],
    ['2606:4700:1:2:200::/72', '2606:4700:1:2:211:32ff:fe12:3456'],
    ['2606:4700:1:2:210::/79', '2606:4700:1:2:211:32ff:fe12:3456'],
  ])('into %s, keeping its interface bits', async (prefix, moved) => {
    await start()
    hold(world, home, '1.1.1.1')
    hold(world, home, '2a00:1450:30:50ff:211:32ff:fe12:3456')
    for (const word of ['good', 'nochg']) {
      expect(await update(world, `myipv6=${prefix}`)).toBe(`200 ${word} ${moved}`)
      expect(addresses(world)).toEqual([`${home} A 1.1.1.1`, `${home} AAAA ${moved}`])
    }
  })

  it('again and again, with an IPv4 address beside it, whatever name it is asked from', async () => {
    await start({ csv: `${home},t\nnas.example.com,t\n` })
    const login = { user: home, token: 't' }
    const nas = 'nas.example.com'
    expect(await update(world, `hostname=${nas}&myipv6=2a00:1450:30:50::5`, { login })).toMatch(/^200 good/)
    for (const network of ['2606:4700:1:2::', '2606:4700:1:3::', '2606:4700:1:2::']) {
      const query = `hostname=${nas}&myip=${publicV4}&myipv6=${network}/64`
      expect(await update(world, query, { login })).toBe(`200 good ${publicV4},${network}5`)
      expect(addresses(world)).toEqual([`${nas} A ${publicV4}`, `${nas} AAAA ${network}5`])
    }
  })

  it.each<[string, () => unknown]>([
    ['none', () => hold(world, home, '1.1.1.1')],
    ['an alias', () => holdAlias(world, home, 'AAAA')],
    ['two', () => world.zone.put({ name: home, type: 'AAAA', ttl: 60, values: ['2600::1', '2600::2'] })],
  ])('and is a dnserr where there is %s', async (_, arrange) => {
    await start()
    arrange()
    const before = addresses(world)
    expect(await update(world, 'myipv6=2606:4700:1:2::/64')).toBe('500 dnserr')
    expect(addresses(world)).toEqual(before)
  })

  it('and the log says what to do where there is none', async () => {
    await start()
    await update(world, 'myipv6=2606:4700:1:2::/64')
    expect(world.printed()).toMatch(/home\.example\.com has no AAAA record .* register one first/)
  })

  it('never to where the internet cannot reach it', async () => {
    await start()
    hold(world, home, '2601:db8::5')
    await update(world, 'myipv6=2000::/12')
    expect(addresses(world)).not.toContain(`${home} AAAA 2001:db8::5`)
  })
})
