import { afterEach, describe, expect, it } from 'vitest'
import { hosts, type World, type WorldOptions } from '../support/world.js'
import { addresses, hold, holdAlias, publicV4, publicV6, startPublicWorld, update } from './nic.js'

let world: World
const start = async (options?: WorldOptions) => {
  world = await startPublicWorld(options)
}
afterEach(() => world.close())

const home = 'home.example.com'
const forever = Number.POSITIVE_INFINITY

describe('200', () => {
  it('good: written', async () => {
    await start()
    expect(await update(world, `hostname=${home}&myip=8.8.8.8`)).toBe('200 good 8.8.8.8')
    expect(addresses(world)).toEqual([`${home} A 8.8.8.8`])
    expect(await update(world, `hostname=${home}&myip=8.8.4.4`)).toBe('200 good 8.8.4.4')
    expect(addresses(world)).toEqual([`${home} A 8.8.4.4`])
  })

  it('nochg: already so, whoever made it so', async () => {
    await start()
    hold(world, home, '8.8.8.8')
    for (let times = 1; times <= 3; times++) {
      expect(await update(world, 'myip=8.8.8.8')).toBe('200 nochg 8.8.8.8')
    }
    expect(world.route53.model.log.statistics().writes).toBe(0)
    expect(world.zone.get(home, 'A')).toMatchObject([{ ttl: 60 }])
  })

  it('one line for both families, good if either changed', async () => {
    await start()
    const both = `myip=${publicV4},${publicV6}`
    expect(await update(world, both)).toBe(`200 good ${publicV4},${publicV6}`)
    expect(await update(world, both)).toBe(`200 nochg ${publicV4},${publicV6}`)
    expect(await update(world, `myip=8.8.4.4,${publicV6}`)).toBe(`200 good 8.8.4.4,${publicV6}`)
    expect(await update(world, `myip=${publicV6.replace('::', '::9:')},8.8.4.4`)).toBe(
      '200 good 8.8.4.4,2606:4700::9:1111',
    )
    expect(addresses(world)).toEqual([`${home} A 8.8.4.4`, `${home} AAAA 2606:4700::9:1111`])
  })

  it('a canonical address, however it was written', async () => {
    await start()
    expect(await update(world, 'myip=2A00:1450:0:0::ABCD/64')).toBe('200 good 2a00:1450::abcd')
    expect(await update(world, 'myip=::ffff:808:808')).toBe('200 good 8.8.8.8')
  })
})

describe('401 and 400', () => {
  it.each([
    ['no credentials', undefined],
    ['a wrong token', { user: home, token: 'wrong' }],
    ['an empty token', { user: home, token: '' }],
    ['an unknown host', { user: 'other.example.com', token: hosts.home.token }],
    ['a user that is no host name', { user: 'admin', token: hosts.home.token }],
  ])('badauth: %s', async (_, login) => {
    await start()
    expect(await update(world, `hostname=${home}&myip=8.8.8.8`, { login })).toBe('401 badauth')
    expect(world.route53.model.log.calls).toEqual([])
  })

  it('numhost: more than 20', async () => {
    await start()
    const names = Array.from({ length: 21 }, () => home).join()
    expect(await update(world, `hostname=${names}`)).toBe('400 numhost')
    expect(world.route53.model.log.calls).toEqual([])
  })
})

describe('500 nohost and notfqdn', () => {
  it.each([
    ['nohost', 'cabin.example.com'],
    ['nohost', 'unknown.example.com'],
    ['notfqdn', 'home'],
  ])('%s: %s', async (word, hostname) => {
    await start()
    expect(await update(world, `hostname=${hostname}&myip=8.8.8.8`)).toBe(`500 ${word}`)
    expect(world.route53.model.log.calls).toEqual([])
  })
})

describe('500 dnserr', () => {
  const refusals: [string, () => unknown][] = [
    ['an alias', () => holdAlias(world, home, 'A')],
    ['a CNAME', () => world.zone.put({ name: home, type: 'CNAME', ttl: 60, values: ['x.example.net.'] })],
    ['values', () => world.zone.put({ name: home, type: 'A', ttl: 60, values: ['1.1.1.1', '1.0.0.1'] })],
    ['no zone', () => world.route53.model.deleteZone(world.zone.id)],
  ]
  it.each(refusals)('%s', async (_, arrange) => {
    await start()
    arrange()
    const before = JSON.stringify(world.zone.records())
    expect(await update(world, 'myip=8.8.8.8')).toBe('500 dnserr')
    expect(JSON.stringify(world.zone.records())).toBe(before)
  })

  it('one family refused: the other is written all the same, and not called a success', async () => {
    await start()
    holdAlias(world, home, 'AAAA')
    expect(await update(world, `myip=${publicV4},${publicV6}`)).toBe('500 dnserr')
    expect(addresses(world)).toEqual([`${home} A ${publicV4}`, `${home} AAAA `])
  })
})

describe('503 911', () => {
  it.each<[string, () => unknown]>([
    ['unreachable', () => world.route53.close()],
    ['throttled', () => world.route53.inject({ kind: 'throttle', times: forever })],
    ['unconfirmed', () => world.route53.inject({ kind: 'apply-then-stall', times: forever })],
    ['denied', () => Object.assign(world.route53, { allow: () => false })],
  ])('%s', async (_, fault) => {
    await start({ timing: { waitMs: 250, closeMs: 20, route53TimeoutMs: 100 } })
    await fault()
    expect(await update(world, 'myip=8.8.8.8')).toBe('503 911')
    expect(addresses(world)).toEqual([])
  })

  it('unconfirmed though applied, and confirmed to the client that comes back', async () => {
    await start({ timing: { waitMs: 200, closeMs: 20, route53TimeoutMs: 400 } })
    const isChange = ({ action }: { action: string }) => action === 'ChangeResourceRecordSets'
    world.route53.inject({ kind: 'apply-then-stall', on: isChange })
    expect(await update(world, 'myip=8.8.8.8')).toBe('503 911')
    expect(addresses(world)).toEqual([`${home} A 8.8.8.8`])
    await expect
      .poll(() => update(world, 'myip=8.8.8.8'), { timeout: 5000 })
      .toMatch(/^200 (good|nochg) 8\.8\.8\.8$/)
  })

  it('the database is not loaded; without credentials they are asked for first', async () => {
    await start({ waitUntilLoaded: false, csv: '' })
    expect(await update(world, 'myip=8.8.8.8')).toBe('503 911')
    expect(await update(world, 'myip=8.8.8.8', { login: undefined })).toBe('401 badauth')
  })
})
