import { afterEach, describe, expect, it } from 'vitest'
import { basic, exchange, hosts, type World } from '../support/world.js'
import { addresses, callerV4, publicV4, startPublicWorld, update } from './nic.js'

let world: World
afterEach(() => world.close())

const paths = ['/nic/update', '/register_ip']
const untrusted = /the proxy in front is not trusted.* set DYNDNS_TRUST_PROXY/
const onLan = /the service is on the LAN.* set DYNDNS_ALLOW_PRIVATE=true/

/** A request straight to the service, without a proxy: its caller is 127.0.0.1. */
const direct = (path: string) =>
  exchange(world.service.port, `GET ${path} HTTP/1.0\r\nAuthorization: ${basic(hosts.home)}\r\n\r\n`)

function reason(): unknown {
  return world.log.find(({ outcome }) => outcome === 'refused')?.['reason']
}

describe.each(paths)('%s publishes no address that the internet cannot reach', (path) => {
  it('when a proxy in front is not trusted, and says so', async () => {
    world = await startPublicWorld({ env: { DYNDNS_TRUST_PROXY: '' } })
    expect(await update(world, '', { path, from: '203.0.113.7' })).toBe('500 dnserr')
    expect(await update(world, '', { path, from: publicV4 })).toBe('500 dnserr')
    expect(reason()).toMatch(untrusted)
    expect(reason()).toContain('127.0.0.1')
    expect(world.route53.model.log.calls).toEqual([])
  })

  it('when a second proxy stands in front of the one that is trusted', async () => {
    world = await startPublicWorld()
    expect(await update(world, '', { path, from: `${publicV4}, 10.0.0.1` })).toBe('500 dnserr')
    expect(reason()).toMatch(/DYNDNS_TRUST_PROXY/)
  })

  it('when the service is on the LAN, and says so', async () => {
    world = await startPublicWorld({ env: { DYNDNS_TRUST_PROXY: '' } })
    expect(await direct(path)).toMatch(/^HTTP\/1\.1 500 .*\r\n\r\ndnserr$/s)
    expect(reason()).toMatch(onLan)
    expect(reason()).toContain('127.0.0.1')
    expect(world.route53.model.log.calls).toEqual([])
  })

  it.each(['10.0.0.1', '192.168.178.20', '100.64.0.1', '169.254.1.1', 'fd00::1', 'fe80::1', '203.0.113.7'])(
    'when it is %s',
    async (from) => {
      world = await startPublicWorld()
      expect(await update(world, '', { path, from })).toBe('500 dnserr')
      expect(addresses(world)).toEqual([])
    },
  )

  it('unless that is allowed', async () => {
    world = await startPublicWorld({ env: { DYNDNS_TRUST_PROXY: '', DYNDNS_ALLOW_PRIVATE: 'true' } })
    expect(await direct(path)).toMatch(/\r\n\r\ngood 127\.0\.0\.1$/)
    expect(addresses(world)).toEqual(['home.example.com A 127.0.0.1'])
  })

  it('and follows the caller of a proxy that is trusted', async () => {
    world = await startPublicWorld()
    expect(await update(world, '', { path })).toBe(`200 good ${callerV4}`)
    expect(await update(world, '', { path, from: `${publicV4}, 1.1.1.1` })).toBe('200 good 1.1.1.1')
  })

  it('and still asks for credentials first', async () => {
    world = await startPublicWorld()
    expect(await update(world, '', { path, from: '10.0.0.1', login: undefined })).toBe('401 badauth')
  })
})

it('an address that is named needs no public caller', async () => {
  world = await startPublicWorld({ env: { DYNDNS_TRUST_PROXY: '' } })
  expect(await update(world, `myip=${publicV4}`)).toBe(`200 good ${publicV4}`)
  expect(await update(world, 'myip=192.168.1.5')).toBe('500 dnserr')
  expect(reason()).toMatch(untrusted)
  expect(reason()).toMatch(/^192\.168\.1\.5 cannot be reached from the internet, and the caller's address /)
})

it('a private address that nothing can stand in for is named in the log', async () => {
  world = await startPublicWorld()
  expect(await update(world, 'myip=192.168.1.5', { from: '2620:fe::fe' })).toBe('500 dnserr')
  expect(reason()).toMatch(/^192\.168\.1\.5 cannot be reached from the internet/)
})
