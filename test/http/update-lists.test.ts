import { afterEach, describe, expect, it } from 'vitest'
import type { World } from '../support/world.js'
import { addresses, hold, holdAlias, startPublicWorld, update } from './nic.js'

/** One household of 23 names, and one host of somebody else. */
const many = Array.from({ length: 21 }, (_, index) => `h${index + 1}.example.com`)
const household = ['home.example.com', 'nas.example.com', ...many]
const csv = `${household.map((name) => `${name},family\n`).join('')}cabin.example.com,other\n`
const login = { user: 'home.example.com', token: 'family' }

let world: World
const start = async () => {
  world = await startPublicWorld({ csv })
}
afterEach(() => world.close())

/** What came of an update of these hosts to 8.8.8.8. */
async function updateHosts(hostname: string, more = ''): Promise<string> {
  return update(world, `hostname=${hostname}&myip=8.8.8.8${more}`, { login })
}

describe('several hosts', () => {
  it('are answered a line each, in the order of the request', async () => {
    await start()
    hold(world, 'home.example.com', '8.8.8.8')
    expect(await updateHosts('nas.example.com,home.example.com')).toBe('200 good 8.8.8.8\nnochg 8.8.8.8')
    expect(await updateHosts('home.example.com,NAS.example.com.,home.example.com')).toBe(
      '200 nochg 8.8.8.8\nnochg 8.8.8.8\nnochg 8.8.8.8',
    )
    expect(addresses(world)).toEqual(['home.example.com A 8.8.8.8', 'nas.example.com A 8.8.8.8'])
  })

  it('duplicates are answered each and written once', async () => {
    await start()
    const line = 'good 8.8.8.8,2606:4700::1111'
    const answer = await updateHosts(
      'home.example.com,HOME.EXAMPLE.COM,home.example.com.',
      ',2606:4700::1111',
    )
    expect(answer).toBe(`200 ${line}\n${line}\n${line}`)
    const changes = world.route53.model.log.calls.flatMap((call) => ('changes' in call ? call.changes : []))
    expect(changes).toHaveLength(2)
  })

  it('empty items are none', async () => {
    await start()
    expect(await updateHosts(',nas.example.com,,home.example.com,')).toBe('200 good 8.8.8.8\ngood 8.8.8.8')
  })

  it('may be 20, and are written together', async () => {
    await start()
    const names = many.slice(0, 20)
    expect(await updateHosts(names.toReversed().join())).toBe(
      `200 ${names.map(() => 'good 8.8.8.8').join('\n')}`,
    )
    expect(addresses(world).sort()).toEqual(names.map((name) => `${name} A 8.8.8.8`).sort())
    expect(world.route53.model.log.statistics().maxChangesInFlight).toBe(1)
  })

  it('may not be 21', async () => {
    await start()
    expect(await updateHosts(many.join())).toBe('400 numhost')
    expect(await updateHosts(many.map(() => 'x').join())).toBe('400 numhost')
    expect(world.route53.model.log.calls).toEqual([])
  })
})

describe('a list that is accepted in part', () => {
  it.each([
    ['nas.example.com,cabin.example.com', 'good 8.8.8.8\nnohost'],
    ['cabin.example.com,nas.example.com', 'nohost\ngood 8.8.8.8'],
    ['home,unknown.example.com,nas.example.com', 'notfqdn\nnohost\ngood 8.8.8.8'],
    ['home.example.com,nas.example.com', 'dnserr\ngood 8.8.8.8'],
  ])('%s', async (hostname, body) => {
    await start()
    holdAlias(world, 'home.example.com', 'A')
    expect(await updateHosts(hostname)).toBe(`200 ${body}`)
    expect(addresses(world)).toEqual(['home.example.com A ', 'nas.example.com A 8.8.8.8'])
  })

  it('is a dnserr where the zone refuses what was not somebody else’s', async () => {
    await start()
    holdAlias(world, 'home.example.com', 'A')
    expect(await updateHosts('cabin.example.com,home.example.com')).toBe('500 dnserr')
  })

  it.each(['home.example.com,nas.example.com', 'nas.example.com,cabin.example.com,home.example.com'])(
    'is a 911 as a whole where any of %s met one; the others are written all the same',
    async (hostname) => {
      await start()
      const isNas = ({ recordSet }: { recordSet: { name: string } }) => recordSet.name === 'nas.example.com.'
      world.route53.allow = (call) => !('changes' in call && call.changes.some(isNas))
      expect(await updateHosts(hostname)).toBe('503 911')
      expect(addresses(world)).toEqual(['home.example.com A 8.8.8.8'])
    },
  )
})
