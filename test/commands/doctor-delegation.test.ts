import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { afterAll, describe, it } from 'vitest'
import { root } from '../../emulators/dns/route53.js'
import type { DnsZone } from '../../emulators/dns/zone.js'
import { nameServers } from '../../emulators/route53/zone.js'
import { recordSet } from '../emulators/dns/testing.js'
import { closeProcessWorlds } from '../support/processes.js'
import { createDoctorWorld, type DoctorWorld, examine, expectFindings, itFinds } from './doctor-world.js'

afterAll(closeProcessWorlds)

/** The DNS says this of example.com. */
const publicly = (...servers: string[]) => dns([recordSet('example.com', 'NS', ...servers)])
const dns = (recordSets: DnsZone['recordSets']) => (world: DoctorWorld) => {
  world.dnsZones = () => [root, { name: 'example.com', recordSets }]
}
/** The zone's own NS record says this. */
const own = (world: DoctorWorld, ...servers: string[]) =>
  world.putRecord({ name: 'example.com', type: 'NS', values: servers.map((server) => `${server}.`) })

const [first = '', ...others] = nameServers
const notAllowed = { route53: { allow: ({ action }: { action: string }) => action !== 'GetHostedZone' } }

describe.concurrent('doctor, delegation', () => {
  itFinds({
    'other spelling and order': {
      arrange: publicly(...others.map((server) => server.toUpperCase()), first),
      findings: [],
    },
    'to somebody else': {
      arrange: publicly('ns1.other.example', 'ns2.other.example'),
      findings: [
        [
          'failed',
          'delegation',
          /the DNS names ns1\.other\.example, ns2\.other\.example as .* and Route 53 ns-1\.awsdns.*: set ns-1\..* at the registrar/,
        ],
      ],
    },
    'to some of the servers': {
      arrange: publicly(first, ...others.slice(1)),
      findings: [['warning', 'delegation', /: set ns-1\..* at the registrar of example\.com/]],
    },
    'to names of one’s own for them': {
      arrange(world) {
        own(world, 'ns1.example.com', 'ns2.example.com')
        publicly('ns1.example.com', 'ns2.example.com')(world)
      },
      findings: [['warning', 'delegation', /right only if those are other names of the same servers/]],
    },
    'to what the zone itself says, where only that may be read': {
      options: notAllowed,
      arrange(world) {
        own(world, 'ns1.example.com')
        publicly('ns1.example.com')(world)
      },
      findings: [],
    },
    'to somebody else, where only the zone’s own record may be read': {
      options: notAllowed,
      arrange: publicly('ns1.other.example'),
      findings: [['failed', 'delegation', /set ns-1\..* at the registrar/]],
    },
    nowhere: {
      arrange: dns([]),
      findings: [
        ['failed', 'delegation', /finds no name servers of example\.com \((ENODATA|ENOTFOUND)\): set ns-1/],
      ],
    },
    'to servers that fail': {
      arrange: dns([recordSet('example.com', 'A', 'broken')]),
      findings: [['failed', 'delegation', /finds no name servers of example\.com/]],
    },
    'a DNS server that refuses to look': {
      arrange(world) {
        world.dnsZones = () => [root]
      },
      findings: [
        ['skipped', 'delegation', /no server of the public DNS answers for example\.com \(EREFUSED\)/],
      ],
    },
    'names below another delegation': {
      arrange(world) {
        world.putRecord({ name: 'dyn.example.com', type: 'NS', values: ['ns1.other.example.'] })
      },
      findings: [
        [
          'failed',
          'delegation',
          /an NS record at dyn\.example\.com in the zone example\.com .* for 1 host there is never seen \(\*\.dyn\.example\.com\): delete/,
        ],
      ],
    },
  })

  it('is skipped where no DNS server listens', async () => {
    const world = await createDoctorWorld()
    const lines = await examine(world, ['--dns', '127.0.0.1:9'])
    expectFindings(lines, [['skipped', 'delegation', /answers for example\.com \((ECONNREFUSED|ETIMEOUT)\)/]])
  })

  it('is skipped where the DNS server is silent', async () => {
    const world = await createDoctorWorld()
    const silent = createSocket('udp4').bind(0, '127.0.0.1')
    await once(silent, 'listening')
    const lines = await examine(world, ['--dns', `127.0.0.1:${silent.address().port}`])
    expectFindings(lines, [['skipped', 'delegation', /answers for example\.com \((ETIMEOUT|ECANCELLED)\)/]])
    silent.close()
  })

  it('is skipped where the DNS server does not know the internet', async () => {
    const world = await createDoctorWorld()
    world.dnsZones = () => [{ name: 'example.com', recordSets: [] }]
    const lines = await examine(world)
    expectFindings(lines, [
      ['skipped', 'delegation', /no server of the public DNS answers for example\.com \(ENODATA\)/],
    ])
  })
})
