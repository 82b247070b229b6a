import { afterEach, describe, expect, it } from 'vitest'
import type { World } from '../support/world.js'
import { addresses, callerV4, hold, holdAlias, publicV4, startPublicWorld, update } from './nic.js'

let world: World
const start = async () => {
  world = await startPublicWorld()
}
afterEach(() => world.close())

const home = 'home.example.com'

describe('offline=YES', () => {
  it.each([
    ['both', ['1.1.1.1', '2600::1'], 'good'],
    ['an A', ['1.1.1.1'], 'good'],
    ['an AAAA', ['2600::1'], 'good'],
    ['nothing', [], 'nochg'],
  ])('deletes %s', async (_, held, word) => {
    await start()
    for (const value of held) hold(world, home, value, 3600)
    hold(world, 'cabin.example.com', '1.0.0.1')
    world.zone.put({ name: home, type: 'TXT', ttl: 60, values: ['"stays"'] })
    expect(await update(world, `offline=YES&myip=${publicV4}`)).toBe(`200 ${word}`)
    expect(await update(world, 'offline=yes', { from: '10.0.0.1' })).toBe('200 nochg')
    expect(addresses(world)).toEqual(['cabin.example.com A 1.0.0.1'])
    expect(world.zone.get(home, 'TXT')).toHaveLength(1)
  })

  it('and the next update is written again', async () => {
    await start()
    expect(await update(world, '')).toBe(`200 good ${callerV4}`)
    expect(await update(world, 'offline=YES')).toBe('200 good')
    expect(await update(world, '')).toBe(`200 good ${callerV4}`)
    expect(addresses(world)).toEqual([`${home} A ${callerV4}`])
  })

  it('deletes what somebody gave another TTL since it was written', async () => {
    await start()
    await update(world, '')
    hold(world, home, callerV4, 7200)
    expect(await update(world, 'offline=YES')).toBe('200 good')
    expect(addresses(world)).toEqual([])
  })

  it.each<[string, () => unknown, string[]]>([
    ['an alias', () => holdAlias(world, home, 'A'), ['A ']],
    ['an alias of one family', () => holdAlias(world, home, 'AAAA'), ['AAAA ']],
    [
      'two values',
      () => world.zone.put({ name: home, type: 'A', ttl: 60, values: ['1.1.1.1', '1.0.0.1'] }),
      ['A 1.1.1.1,1.0.0.1'],
    ],
  ])('is refused by %s', async (_, arrange, left) => {
    await start()
    arrange()
    expect(await update(world, 'offline=YES')).toBe('500 dnserr')
    expect(addresses(world)).toEqual(left.map((record) => `${home} ${record}`))
    expect(world.printed()).toContain('which is not ours to overwrite')
  })

  it.each(['offline=NO', 'offline=NOCHG', 'offline='])('is not %s', async (query) => {
    await start()
    expect(await update(world, query)).toBe(`200 good ${callerV4}`)
  })
})
