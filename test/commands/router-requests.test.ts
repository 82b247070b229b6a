import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  callerAddress,
  csvLine,
  fillIn,
  oddToken,
  type RouterWorld,
  startRouterWorld,
} from './router-world.js'

/** The routers that are not run: what they make of what is typed into them, sent to the service. */

const address = '198.51.100.7'
const address6 = '2001:db8:0:1::7'

const types = ['unifi', 'fritzbox', 'opnsense', 'pfsense', 'synology', 'ddwrt']
const hostFor = (type: string) => `${type}.example.com`

let world: RouterWorld
beforeAll(async () => {
  world = await startRouterWorld(types.map((type) => csvLine(hostFor(type), oddToken)).join(''))
})
afterAll(() => world.close())

describe('what a router makes of its fields registers the host', () => {
  it('UniFi: inadyn calls the part of Server before the slash, with the rest as its path', async () => {
    const { Hostname = '', Username, Password, Server = '' } = await world.fields(hostFor('unifi'), 'unifi')
    const [authority] = Server.split('/')
    const path = fillIn(Server.slice(Server.indexOf('/')), { '%h': Hostname, '%i': address })
    // It was seen with one slash, with two, and with an empty host name.
    for (const request of [path, `/${path}`, path.replace(Hostname, '')]) {
      expect(await world.send(`http://${authority}${request}`, Username, Password)).toMatch(`200 `)
      expect(world.held(Hostname)).toEqual([address])
    }
  })

  it('FRITZ!Box: for itself, and for a device behind it', async () => {
    const host = hostFor('fritzbox')
    const {
      'Update URL': url = '',
      'Domain Name': domain = '',
      ...login
    } = await world.fields(host, 'fritzbox')
    const send = (template: string, ip6: string) => {
      const values = { '<domain>': domain, '<ipaddr>': address, '<ip6addr>': ip6, '<ip6lanprefix>': ip6 }
      return world.send(fillIn(template, values), login['User Name'], login['Password'])
    }
    expect(await send(url, '')).toBe(`200 good ${address}`)
    expect(world.held(host, 'AAAA')).toEqual([])
    expect(await send(url, address6)).toBe(`200 good ${address},${address6}`)
    const { stderr } = await world.router(host, '--type', 'fritzbox')
    const [behind = ''] = /http:[^`]+<ip6lanprefix>/.exec(stderr) ?? []
    expect(await send(behind, '2001:db8:0:2::/64')).toBe(`200 good ${address},2001:db8:0:2::7`)
    expect(world.held(host, 'AAAA')).toEqual(['2001:db8:0:2::7'])
  })

  it('OPNsense: over http or https as Force SSL says, any 2xx being a success', async () => {
    const fields = await world.fields(hostFor('opnsense'), 'opnsense')
    expect(fields['Force SSL']).toBe('off')
    const query = new URLSearchParams({
      hostname: fields['Hostname(s)'] ?? '',
      myip: address,
      wildcard: 'NOCHG',
    })
    const url = `http://${fields['Server']}/nic/update?${query}`
    expect(await world.send(url, fields['Username'], fields['Password'])).toBe(`200 good ${address}`)
    expect(world.held(hostFor('opnsense'))).toEqual([address])
    expect(await world.send(url, fields['Username'], 'wrong')).toBe('401 badauth')
  })

  it('pfSense: the body is one of the alternatives of Result Match', async () => {
    const fields = await world.fields(hostFor('pfsense'), 'pfsense')
    const url = fillIn(fields['Update URL'] ?? '', { '%IP%': address })
    const matches = fillIn(fields['Result Match'] ?? '', { '%IP%': address }).split('|')
    const send = async (password = fields['Password']) =>
      (await world.send(url, fields['Username'], password)).slice('200 '.length)
    expect([await send(), await send()]).toEqual(matches)
    expect(matches).not.toContain(await send('wrong'))
    expect(world.held(hostFor('pfsense'))).toEqual([address])
  })

  it('Synology', async () => {
    const fields = await world.fields(hostFor('synology'), 'synology')
    const url = fillIn(fields['Query URL'] ?? '', {
      __HOSTNAME__: fields['Hostname'] ?? '',
      __MYIP__: address,
    })
    expect(url).not.toContain('__')
    expect(await world.send(url, fields['Username/Email'], fields['Password/Key'])).toBe(
      `200 good ${address}`,
    )
    expect(world.held(hostFor('synology'))).toEqual([address])
  })

  it('DD-WRT: the host name is added to the end of the path', async () => {
    const fields = await world.fields(hostFor('ddwrt'), 'ddwrt')
    expect(Object.keys(fields)).not.toContain('Use SSL')
    const url = `http://${fields['DYNDNS Server']}${fields['URL']}${fields['Host Name']}`
    expect(await world.send(url, fields['User Name'], fields['Password'])).toBe(`200 good ${callerAddress}`)
    expect(world.held(hostFor('ddwrt'))).toEqual([callerAddress])
  })
})
