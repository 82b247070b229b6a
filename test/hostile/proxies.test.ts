import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { basic, hosts, startWorld, type World } from '../support/world.js'
import { converse, expectClean } from './wire.js'

/** What the router, or the proxy that is trusted, saw; and what a client would like to pass for. */
const seen = '203.0.113.7'
const forged = '6.6.6.6'

let world: World
afterEach(() => world.close())

/** Sends a request with exactly these header lines, and gives its status and body. */
async function send(lines: readonly string[], path = '/register_ip', method = 'GET'): Promise<string> {
  const login = `Authorization: ${basic(hosts.home)}`
  const head = [`${method} ${path} HTTP/1.1`, 'Host: x', 'Connection: close', 'Content-Length: 0', login]
  const text = [...head, ...lines, '', ''].join('\r\n')
  const [answer] = expectClean(await converse(world.service.port, Buffer.from(text, 'latin1')))
  return `${answer?.status} ${answer?.body}`
}

const forwarded = (...values: string[]) => values.map((value) => `X-Forwarded-For: ${value}`)
const hundred = (value: string) => Array.from({ length: 99 }, () => value).join(', ')

/** Never crashed, and no other address than these ever in the zone. */
function expectHeld(...addresses: string[]): void {
  const held = [...world.held(hosts.home.user), ...world.held(hosts.home.user, 'AAAA')]
  expect(addresses).toEqual(expect.arrayContaining(held))
}

describe('behind one trusted proxy, what it saw is the last entry', () => {
  beforeEach(async () => {
    world = await startWorld({ env: { DYNDNS_RECHECK_SECONDS: '0' } })
  })

  it.each<[string, string[]]>([
    ['after a forged one', forwarded(`${forged}, ${seen}`)],
    ['after a line of its own that the client sent', forwarded(forged, seen)],
    ['after two lines', forwarded(forged, `${forged}, ::1`, seen)],
    ['after 99 others', forwarded(`${hundred(forged)}, ${seen}`)],
    ['after 99 lines', forwarded(...hundred(forged).split(', '), seen)],
    ['after junk', forwarded(`"><script>, ,,; for=${forged}, \xff\xfe, ${seen}`)],
    ['after a port and brackets', forwarded(`[${forged}]:80, [::1]:443, ${forged}:1, ${seen}`)],
    ['after a tunnelled one', forwarded(`::ffff:${forged}, 64:ff9b::${forged}, ${seen}`)],
    ['between spaces', forwarded(`   ${forged}   ,    ${seen}   `)],
    ['without any', forwarded(`${forged},${seen}`)],
    ['before empty entries', forwarded(`${forged}, ${seen}, ${','.repeat(5000)}`)],
    [
      'after a thousand other headers',
      [...forwarded(forged), ...Array(1200).fill('a:b'), ...forwarded(seen)],
    ],
    ['with the name in capitals', [`X-FORWARDED-FOR: ${forged}, ${seen}`]],
    ['as IPv4 in IPv6', forwarded(`${forged}, ::ffff:${seen}`)],
    ['and that in hexadecimal', forwarded(`${forged}, ::FFFF:cb00:7107`)],
    ['with a port', forwarded(`${forged}, ${seen}:4711`)],
    ['in brackets, as IPv4 in IPv6', forwarded(`${forged}:1, [::ffff:${seen}]`)],
    ['and with a port', forwarded(`${forged}, [::ffff:${seen}]:80`)],
  ])('%s', async (_, lines) => {
    expect(await send(lines, '/check_ip')).toBe(`200 ${seen}`)
    expect(await send(lines)).toBe(`200 good ${seen}`)
    expectHeld(seen)
  })

  it.each([
    `${seen}:`,
    `${seen}:port`,
    `${seen}:4711:1`,
    `[${seen}]`,
    `[${seen}]:80`,
    '[2001:db8::7',
    '[2001:db8::7]80',
    '[2001:db8::7%eth0]',
    'fe80::1%eth0',
    '2001:db8::7%25eth0',
    '::%1',
    'unknown',
    '_hidden',
    `for=${seen}`,
    `"${seen}"`,
    `${seen} ${forged}`,
    `${seen};${forged}`,
    '203.0.113',
    '203.0.113.256',
    '203.0.113.07',
    '0xcb007107',
    '3405803783',
    '203.0.113.7/32',
    '2001:db8::7::',
    '1'.repeat(5000),
    '\xff\xfe\x80',
    '%32%30%33.0.113.7',
    'localhost',
    'constructor',
  ])('%s is no address, and nothing before it is taken instead', async (last) => {
    const lines = forwarded(`${forged}, 2001:db8::66, ${last}`)
    expect(await send(lines)).toBe('500 dnserr')
    expect(await send(lines, '/nic/update?myip=auto')).toBe('500 dnserr')
    expectHeld()
  })

  it.each<[string, string[]]>([
    ['X-Real-IP', [`X-Real-IP: ${forged}`]],
    ['Forwarded', [`Forwarded: for=${forged};proto=https;by=${forged}`]],
    ['those of other proxies', [`CF-Connecting-IP: ${forged}`, `True-Client-IP: ${forged}`]],
    ['others of that kind', [`X-Client-IP: ${forged}`, `X-Cluster-Client-IP: ${forged}`]],
    ['X-Forwarded', [`X-Forwarded: for=${forged}`, `Forwarded-For: ${forged}`, `Client-IP: ${forged}`]],
    ['an underscore for a hyphen', [`X_Forwarded_For: ${forged}`, `X-Forwarded_For: ${forged}`]],
    ['X-Forwarded-Host', [`X-Forwarded-Host: ${forged}`, `X-Original-Forwarded-For: ${forged}`]],
  ])('%s is never read', async (_, lines) => {
    expect(await send([...lines, ...forwarded(seen)])).toBe(`200 good ${seen}`)
    // Where the proxy says nothing, it is itself who asks.
    expect(await send(lines)).toBe('200 good 127.0.0.1')
    expectHeld('127.0.0.1')
  })
})

describe('on Heroku, whose router appends to the one line there is', () => {
  beforeEach(async () => {
    world = await startWorld({ env: { DYNO: 'web.1', DYNDNS_TRUST_PROXY: '' } })
  })

  it.each(['/register_ip', '/nic/update', '//nic/update/', '/v3/update', `/nic/update?myip=${seen}`])(
    'more than one is refused for %s, whatever they say',
    async (path) => {
      for (const lines of [forwarded(forged, seen), forwarded(seen, seen), forwarded('', seen, '')]) {
        for (const method of ['GET', 'POST']) expect(await send(lines, path, method)).toBe('400 badagent')
      }
      expect(await send([`x-FORWARDED-for: ${forged}`, ...forwarded(seen)], path)).toBe('400 badagent')
      expect(world.route53.model.log.calls).toEqual([])
    },
  )

  it('more than one is seen to be, however far behind', async () => {
    const lines = [...forwarded(forged), ...Array(1200).fill('a:b'), ...forwarded(seen)]
    expect(await send(lines)).toBe('400 badagent')
  })

  it('but reading goes on, and one line with forged entries is served by its last', async () => {
    expect(await send(forwarded(forged, seen), '/check_ip')).toBe(`200 ${seen}`)
    expect(await send(forwarded(`${hundred(forged)}, ${seen}`))).toBe(`200 good ${seen}`)
    expectHeld(seen)
  })
})

describe('without a trusted proxy', () => {
  it('the peer is the caller, whatever any header says', async () => {
    world = await startWorld({ env: { DYNDNS_TRUST_PROXY: '' } })
    for (const lines of [
      forwarded(forged),
      forwarded(forged, forged),
      forwarded('junk'),
      [`Forwarded: ${forged}`],
    ]) {
      expect(await send(lines)).toMatch(/^200 (good|nochg) 127\.0\.0\.1$/)
    }
    expectHeld('127.0.0.1')
  })
})
